using Engine.Numerics;

namespace Engine.Networks;

/// <summary>A loss over classes, computed from logits through a softmax that subtracts the largest logit first.</summary>
public abstract class Loss
{
    /// <summary>
    /// Adds up the losses and the correct predictions of a batch. When <paramref name="gradient"/> has memory, writes
    /// <paramref name="scale"/> · ∂loss/∂logits into it (padding columns 0). The prediction is the largest logit, the first of equals.
    /// </summary>
    /// <param name="logits">(batch × classes).</param>
    /// <param name="labels">The class of each row.</param>
    /// <param name="gradient">Where the gradient goes, or an empty batch.</param>
    /// <param name="scale">1 / examples of the whole step.</param>
    /// <param name="predictions">Where the predicted classes go; empty when not wanted.</param>
    public abstract LossSum Evaluate(Rows logits, ReadOnlySpan<byte> labels, Rows gradient, float scale, Span<byte> predictions);
}

/// <summary>Losses added up over examples.</summary>
/// <param name="Loss">The sum of the losses.</param>
/// <param name="Correct">Examples whose prediction is their class.</param>
public readonly record struct LossSum(double Loss, int Correct)
{
    /// <summary>The sum of the plain cross-entropies, where it is evaluated beside another loss.</summary>
    public double CrossEntropy { get; init; }

    /// <summary>The sums of both together.</summary>
    public static LossSum operator +(LossSum a, LossSum b) =>
        new(a.Loss + b.Loss, a.Correct + b.Correct) { CrossEntropy = a.CrossEntropy + b.CrossEntropy };
}
