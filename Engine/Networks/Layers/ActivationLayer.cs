using System.Runtime.CompilerServices;
using Engine.Data;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>
/// Applies an activation function to every value: in place on the output of the layer before it, unless the function needs its input for
/// the backward pass.
/// </summary>
public sealed unsafe class ActivationLayer<TFunction> : ILayer where TFunction : struct, IActivationFunction
{
    private readonly RowsBuffer? output;
    private Rows kept;

    /// <summary>An activation layer for batches of up to <paramref name="capacity"/> examples.</summary>
    public ActivationLayer(ImageShape shape, int capacity)
    {
        Output = shape;
        output = TFunction.NeedsInput ? new RowsBuffer(capacity, shape.Size) : null;
    }

    /// <inheritdoc/>
    public ImageShape Output { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Parameter> Parameters => [];

    /// <inheritdoc/>
    public Rows Forward(Rows input, in Pass pass)
    {
        var result = output?.Take(input.Count, input.Columns) ?? input;
        for (var i = 0; i < pass.Worker.Parts(input); i++)
        {
            var part = pass.Worker.Part(input, i);
            SimdPath.Run(new ForwardKernel { From = part, To = result.Data + (part.Data - input.Data) });
        }
        kept = output is null ? result : input;
        return result;
    }

    /// <inheritdoc/>
    public Rows Backward(Rows gradient, bool needInputGradient, GradientSink sink, Worker worker)
    {
        for (var i = 0; i < worker.Parts(gradient); i++)
        {
            var part = worker.Part(gradient, i);
            SimdPath.Run(new BackwardKernel { Kept = kept.Data + (part.Data - gradient.Data), Gradient = part });
        }
        return gradient;
    }

    /// <inheritdoc/>
    public void Dispose() => output?.Dispose();

    private struct ForwardKernel : IKernel
    {
        public Rows From;
        public float* To;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<L, V>() where L : struct, ILanes<V> where V : struct
        {
            var (runs, length) = From.Runs;
            for (var run = 0; run < runs; run++)
            {
                float* from = From[run], to = To + (from - From.Data), end = from + length;
                for (; from < end; from += L.Width, to += L.Width)
                    L.Store(to, TFunction.Forward<L, V>(L.Load(from)));
            }
        }
    }

    private struct BackwardKernel : IKernel
    {
        public float* Kept;
        public Rows Gradient;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<L, V>() where L : struct, ILanes<V> where V : struct
        {
            var (runs, length) = Gradient.Runs;
            for (var run = 0; run < runs; run++)
            {
                float* gradient = Gradient[run], kept = Kept + (gradient - Gradient.Data), end = kept + length;
                for (; kept < end; kept += L.Width, gradient += L.Width)
                    L.Store(gradient, TFunction.Backward<L, V>(L.Load(kept), L.Load(gradient)));
            }
        }
    }
}
