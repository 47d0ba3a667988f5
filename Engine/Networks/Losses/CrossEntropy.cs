using System.Runtime.CompilerServices;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>−Σ target · log softmax(logits); its gradient is softmax − target.</summary>
/// <remarks>Σ log of the rows' sums is computed as the logarithm of their product: one logarithm for dozens of rows.</remarks>
public sealed class CrossEntropy(LossOptions options) : SoftmaxLoss(options)
{
    private const double LargeProduct = 1e250;
    private readonly double off = options.LabelSmoothing / options.Output.Count;
    private double loss, product;

    /// <inheritdoc/>
    protected override void Begin() => (loss, product) = (0, 1);

    /// <inheritdoc/>
    protected override double End() => loss + Elementary.Log(product);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Row(
        ReadOnlySpan<float> logits, Span<float> exponentials, float largest, float sum, int label, float weight, Span<float> gradient, float scale)
    {
        scale *= weight;
        if (!gradient.IsEmpty)
        {
            var factor = scale / sum;
            var shift = -(float)(off * scale);
            for (var i = 0; i < gradient.Length; i++)
                gradient[i] = MathF.FusedMultiplyAdd(exponentials[i], factor, shift);
            gradient[label] -= (float)(1 - Smoothing) * scale;
        }
        if (weight != 1)
        {
            loss += weight * Elementary.Log(sum);
        }
        else
        {
            // Each sum is at least 1 and at most the number of classes.
            product *= sum;
            if (product > LargeProduct)
            {
                loss += Elementary.Log(product);
                product = 1;
            }
        }
        loss += weight * (largest - (1 - Smoothing) * logits[label]);
        if (off > 0)
            foreach (var x in logits)
                loss -= weight * off * x;
    }
}
