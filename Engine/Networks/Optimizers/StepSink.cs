using Engine.Numerics;

namespace Engine.Networks;

/// <summary>Applies an optimizer's step to the weights when their gradients arrive, and sums the squares of the gradients.</summary>
public sealed unsafe class StepSink : GradientSink, IDisposable
{
    private readonly Optimizer optimizer;
    private readonly NativeBuffer[] first, second;
    private readonly float decay;
    private readonly float[][] squares;
    private float decoupledDecay;

    /// <summary>Allocates the moments of every parameter, all 0.</summary>
    public StepSink(Optimizer optimizer, IReadOnlyList<Parameter> parameters, double weightDecay)
    {
        this.optimizer = optimizer;
        decay = (float)weightDecay;
        first = Moments(1);
        second = Moments(2);
        squares = [.. parameters.Select(p => new float[Math.Max(p.Pieces, SumSink.Pieces(p))])];

        NativeBuffer[] Moments(int least) =>
            [.. parameters.Select(p => new NativeBuffer(optimizer.Moments >= least ? p.Layout.Length : 0))];
    }

    /// <summary>
    /// Σ g² of the current step. Summed in a fixed order of pieces, so that the bits do not depend on the number of workers.
    /// </summary>
    public double SquaredNorm
    {
        get
        {
            var sum = 0.0;
            for (var i = squares.Length - 1; i >= 0; i--)
                foreach (var square in squares[i])
                    sum += square;
            return sum;
        }
    }

    /// <summary>The moments of all parameters, for checkpoints. Buffers that the optimizer does not use have the length 0.</summary>
    public IEnumerable<NativeBuffer> Moments => first.Concat(second);

    /// <summary>Starts a step.</summary>
    public void Begin(in StepInfo step)
    {
        optimizer.Begin(step);
        foreach (var ofParameter in squares)
            Array.Clear(ofParameter);
        decoupledDecay = optimizer.DecouplesDecay ? (float)(decay * step.LearningRate) : 0;
    }

    /// <summary>True with weight decay only: without it, no update rule changes a weight whose gradient has always been 0.</summary>
    internal override bool NeedsZeros => decay != 0;

    /// <inheritdoc/>
    public override void Accept(Parameter parameter, int piece, long offset, float* gradient, int count)
    {
        var lanes = stackalloc float[Panels.Lane];
        optimizer.Update(new UpdateSlice
        {
            Weights = parameter.Values.Pointer + offset,
            Gradients = gradient,
            First = first[parameter.Index].Pointer + offset,
            Second = second[parameter.Index].Pointer + offset,
            Count = count,
            CoupledDecay = parameter.IsBias || optimizer.DecouplesDecay ? 0 : decay,
            DecoupledDecay = parameter.IsBias ? 0 : decoupledDecay,
            FlushesByHand = !DenormalFlush.IsOnThisThread,
            Squares = lanes,
        });
        squares[parameter.Index][piece] = HorizontalSum.Of(lanes);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var buffer in Moments)
            buffer.Dispose();
    }
}
