using System.Runtime.CompilerServices;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>What the losses share: the softmax, the target (1 − ε)·onehot + ε/classes, the counting of correct predictions.</summary>
public abstract unsafe class SoftmaxLoss : Loss, IDisposable
{
    private readonly RowsBuffer exponentials;
    private readonly NativeBuffer mask, largest, sums;
    private readonly int classes;

    /// <summary>A loss over a number of classes for batches up to <paramref name="capacity"/>.</summary>
    protected SoftmaxLoss(int classes, int capacity, double labelSmoothing)
    {
        this.classes = classes;
        Smoothing = labelSmoothing;
        exponentials = new RowsBuffer(capacity, classes);
        largest = new NativeBuffer(capacity);
        sums = new NativeBuffer(capacity);
        mask = new NativeBuffer(exponentials.Stride);
        mask.Span[classes..].Fill(float.NegativeInfinity);
    }

    /// <summary>ε of label smoothing (Szegedy et al. 2016, section 7), in [0, 1).</summary>
    protected double Smoothing { get; }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override LossSum Evaluate(Rows logits, ReadOnlySpan<byte> labels, Rows gradient, float scale, Span<byte> predictions)
    {
        var e = exponentials.Take(logits.Count);
        SimdPath.Run(new SoftmaxRow
        {
            Logits = logits.Data, Exponentials = e.Data, Mask = mask.Pointer, Largest = largest.Pointer, Sums = sums.Pointer,
            Rows = logits.Count, Stride = logits.Stride,
        });
        Begin();
        var correct = 0;
        for (var row = 0; row < logits.Count; row++)
        {
            var x = new ReadOnlySpan<float>(logits[row], classes);
            var p = new Span<float>(e[row], classes);
            var label = labels[row];
            var to = gradient.Count > 0 ? new Span<float>(gradient[row], classes) : [];
            Row(x, p, largest.Pointer[row], sums.Pointer[row], label, to, scale);
            correct += x[label] == largest.Pointer[row] && x[..label].IndexOf(x[label]) < 0 ? 1 : 0;
            if (!predictions.IsEmpty)
                predictions[row] = (byte)Math.Max(x.IndexOf(largest.Pointer[row]), 0);
        }
        return new LossSum(End(), correct);
    }

    /// <summary>Starts a batch.</summary>
    protected abstract void Begin();

    /// <summary>The losses of the batch, added up.</summary>
    protected abstract double End();

    /// <summary>Adds the loss of one example; writes its scaled gradient unless <paramref name="gradient"/> is empty.</summary>
    /// <param name="logits">One per class.</param>
    /// <param name="exponentials">e^(logit − largest); may be overwritten.</param>
    /// <param name="largest">The largest logit.</param>
    /// <param name="sum">The sum of the exponentials.</param>
    /// <param name="label">The class.</param>
    /// <param name="gradient">One per class, or empty.</param>
    /// <param name="scale">What the gradient is multiplied by.</param>
    protected abstract void Row(
        ReadOnlySpan<float> logits, Span<float> exponentials, float largest, float sum, int label, Span<float> gradient, float scale);

    /// <inheritdoc/>
    public void Dispose()
    {
        exponentials.Dispose();
        mask.Dispose();
        largest.Dispose();
        sums.Dispose();
        GC.SuppressFinalize(this);
    }
}

/// <summary>
/// For every row: e^(logit − largest) and their sum. Sums are taken in sixteen lanes, then halved pairwise, at every vector width.
/// </summary>
internal unsafe struct SoftmaxRow : IKernel
{
    /// <summary>(rows × stride) logits; columns beyond the classes are not looked at.</summary>
    public float* Logits;

    /// <summary>(rows × exponentials' stride): the exponentials, 0 beyond the classes.</summary>
    public float* Exponentials;

    /// <summary>0 for classes, −∞ beyond; one stride long.</summary>
    public float* Mask;

    /// <summary>Per row.</summary>
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
