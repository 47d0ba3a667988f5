using Engine.Data;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>A loss of outputs compared with what they should be.</summary>
public abstract class Loss : IDisposable
{
    /// <summary>
    /// Adds up the losses and the correct predictions of a batch. When <paramref name="gradient"/> has memory, this is a training step: writes
    /// <paramref name="scale"/> · ∂loss/∂outputs into it (padding columns 0), and <see cref="OutputSpec.Weights"/> count.
    /// </summary>
    /// <param name="outputs">(batch × outputs).</param>
    /// <param name="targets">The class of each row, or its targets.</param>
    /// <param name="gradient">Where the gradient goes, or an empty batch.</param>
    /// <param name="scale">1 / examples of the whole step.</param>
    public abstract LossSum Evaluate(Rows outputs, BatchTargets targets, Rows gradient, float scale);

    /// <inheritdoc/>
    public virtual void Dispose() => GC.SuppressFinalize(this);
}

/// <summary>Losses added up over examples.</summary>
/// <param name="Loss">The sum of the losses.</param>
/// <param name="Correct">Correct predictions: of classes one per example, of labels one per label; 0 for regression.</param>
public readonly record struct LossSum(double Loss, int Correct)
{
    /// <summary>The sum of the plain cross-entropies, where it is evaluated beside another loss.</summary>
    public double CrossEntropy { get; init; }

    /// <summary>The sums of both together.</summary>
    public static LossSum operator +(LossSum a, LossSum b) =>
        new(a.Loss + b.Loss, a.Correct + b.Correct) { CrossEntropy = a.CrossEntropy + b.CrossEntropy };
}
