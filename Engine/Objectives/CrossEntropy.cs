using Engine.Numerics;

namespace Engine.Objectives;

/// <summary>−Σ target · log softmax(logits); its gradient is softmax − target.</summary>
public sealed class CrossEntropy(int classes, int capacity, double labelSmoothing) : SoftmaxLoss(classes, capacity, labelSmoothing)
{
    /// <inheritdoc/>
    protected override double Row(
        ReadOnlySpan<float> logits, Span<float> exponentials, float largest, float sum, int label, Span<float> gradient, float scale)
    {
        var off = Smoothing / logits.Length;
        if (!gradient.IsEmpty)
        {
            var factor = scale / sum;
            var shift = -(float)(off * scale);
            for (var i = 0; i < gradient.Length; i++)
                gradient[i] = MathF.FusedMultiplyAdd(exponentials[i], factor, shift);
            gradient[label] -= (float)(1 - Smoothing) * scale;
        }
        var logSum = Elementary.Log(sum) + largest;
        var expected = (1 - Smoothing) * logits[label];
        if (off > 0)
            foreach (var x in logits)
                expected += off * x;
        return logSum - expected;
    }
}
