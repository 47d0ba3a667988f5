namespace Engine.Networks;

/// <summary>
/// factor · Σ (p − target)² with p = softmax(logits). With d = p − target its gradient by logit i is 2·factor·pᵢ·(dᵢ − Σ dⱼpⱼ).
/// </summary>
public sealed class SquaredError(LossOptions options, double factor) : SoftmaxLoss(options)
{
    private double loss;

    /// <inheritdoc/>
    protected override void Begin() => loss = 0;

    /// <inheritdoc/>
    protected override double End() => loss;

    /// <inheritdoc/>
    protected override void Row(
        ReadOnlySpan<float> logits, Span<float> exponentials, float largest, float sum, int label, float weight, Span<float> gradient, float scale)
    {
        scale *= weight;
        var off = Smoothing / logits.Length;
        double squares = 0, projection = 0;
        for (var i = 0; i < logits.Length; i++)
        {
            double p = exponentials[i] / sum;
            var difference = p - Target(i);
            squares += difference * difference;
            projection += difference * p;
        }
        for (var i = 0; i < gradient.Length; i++)
        {
            double p = exponentials[i] / sum;
            gradient[i] = (float)(2 * factor * scale * p * (p - Target(i) - projection));
        }
        loss += weight * factor * squares;

        double Target(int i) => i == label ? 1 - Smoothing + off : off;
    }
}
