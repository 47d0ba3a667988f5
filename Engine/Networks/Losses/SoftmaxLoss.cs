using System.Runtime.CompilerServices;
using Engine.Data;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>
/// The base class of losses over classes: computes the softmax after subtracting the largest logit, the smoothed target (1 − ε)·onehot +
/// ε/classes, the class weights, and the number of correct predictions. The prediction is the class of the largest logit, the first of
/// equal ones.
/// </summary>
public abstract unsafe class SoftmaxLoss : Loss
{
    private readonly RowsBuffer exponentials;
    private readonly NativeBuffer mask, largest, sums;
    private readonly int classes;
    private readonly IReadOnlyList<float>? weights;

    /// <summary>A loss over the classes of <see cref="LossOptions.Output"/>.</summary>
    protected SoftmaxLoss(LossOptions options)
    {
        classes = options.Output.Count;
        weights = options.Output.Weights;
        Smoothing = options.LabelSmoothing;
        exponentials = new RowsBuffer(options.Capacity, classes);
        largest = new NativeBuffer(options.Capacity);
        sums = new NativeBuffer(options.Capacity);
        mask = new NativeBuffer(exponentials.Stride);
        mask.Span[classes..].Fill(float.NegativeInfinity);
    }

    /// <summary>ε of label smoothing (Szegedy et al. 2016, section 7), in [0, 1).</summary>
    protected double Smoothing { get; }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override LossSum Evaluate(Rows outputs, BatchTargets targets, Rows gradient, float scale)
    {
        var e = exponentials.Take(outputs.Count);
        SimdPath.Run(new SoftmaxRow
        {
            Logits = outputs.Data, Exponentials = e.Data, Mask = mask.Pointer, Largest = largest.Pointer, Sums = sums.Pointer,
            Rows = outputs.Count, Stride = outputs.Stride,
        });
        Begin();
        var correct = 0;
        var training = gradient.Count > 0;
        for (var row = 0; row < outputs.Count; row++)
        {
            var x = new ReadOnlySpan<float>(outputs[row], classes);
            var p = new Span<float>(e[row], classes);
            var label = targets.Labels[row];
            var to = training ? new Span<float>(gradient[row], classes) : [];
            Row(x, p, largest.Pointer[row], sums.Pointer[row], label, training && weights is not null ? weights[label] : 1, to, scale);
            correct += x[label] == largest.Pointer[row] && x[..label].IndexOf(x[label]) < 0 ? 1 : 0;
        }
        return new LossSum(End(), correct);
    }

    /// <summary>Resets the sum of the losses before a batch.</summary>
    protected abstract void Begin();

    /// <summary>The sum of the losses of the batch.</summary>
    protected abstract double End();

    /// <summary>Adds the loss of one example; writes its scaled gradient unless <paramref name="gradient"/> is empty.</summary>
    /// <param name="logits">One per class.</param>
    /// <param name="exponentials">e^(logit − largest); may be overwritten.</param>
    /// <param name="largest">The largest logit.</param>
    /// <param name="sum">The sum of the exponentials.</param>
    /// <param name="label">The class.</param>
    /// <param name="weight">The factor of the loss and its gradient: the class weight, or 1.</param>
    /// <param name="gradient">One per class, or empty.</param>
    /// <param name="scale">The factor of the gradient.</param>
    protected abstract void Row(
        ReadOnlySpan<float> logits, Span<float> exponentials, float largest, float sum, int label, float weight, Span<float> gradient, float scale);

    /// <inheritdoc/>
    public override void Dispose()
    {
        exponentials.Dispose();
        mask.Dispose();
        largest.Dispose();
        sums.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }
}

/// <summary>
/// Computes e^(logit − largest) and their sum for every row. Sums run in sixteen lanes that are then reduced pairwise, so that the bits do
/// not depend on the vector width.
/// </summary>
internal unsafe struct SoftmaxRow : IKernel
{
    /// <summary>(rows × stride) logits; columns beyond the classes are ignored.</summary>
    public float* Logits;

    /// <summary>(rows × stride) exponentials; 0 beyond the classes.</summary>
    public float* Exponentials;

    /// <summary>One row that is added to the logits: 0 for classes, −∞ beyond.</summary>
    public float* Mask;

    /// <summary>The largest logit and the sum of the exponentials of each row.</summary>
    public float* Largest, Sums;

    public int Rows, Stride;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run<L, V>() where L : struct, ILanes<V> where V : struct
    {
        var lanes = stackalloc float[Panels.Lane];
        for (var row = 0; row < Rows; row++)
        {
            float* from = Logits + (long)row * Stride, to = Exponentials + (long)row * Stride;
            for (var lane = 0; lane < Panels.Lane; lane += L.Width)
            {
                var most = L.Add(L.Load(from + lane), L.Load(Mask + lane));
                for (var i = lane + Panels.Lane; i < Stride; i += Panels.Lane)
                {
                    var x = L.Add(L.Load(from + i), L.Load(Mask + i));
                    most = L.Select(L.Less(most, x), x, most);
                }
                L.Store(lanes + lane, most);
            }
            var largest = HorizontalSum.Largest(lanes);
            var shift = L.Broadcast(largest);
            for (var lane = 0; lane < Panels.Lane; lane += L.Width)
            {
                var sum = L.Zero;
                for (var i = lane; i < Stride; i += Panels.Lane)
                {
                    var e = VectorMath.Exp<L, V>(L.Subtract(L.Add(L.Load(from + i), L.Load(Mask + i)), shift));
                    L.Store(to + i, e);
                    sum = L.Add(sum, e);
                }
                L.Store(lanes + lane, sum);
            }
            Largest[row] = largest;
            Sums[row] = HorizontalSum.Of(lanes);
        }
    }
}
