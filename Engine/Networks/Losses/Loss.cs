using Engine.Data;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>A loss function of outputs and true targets.</summary>
public abstract class Loss : IDisposable
{
    /// <summary>
    /// Sums the losses and the correct predictions of a batch. A non-empty <paramref name="gradient"/> makes it a training step: writes
    /// <paramref name="scale"/> · ∂loss/∂outputs (0 in padding columns) and applies <see cref="OutputSpec.Weights"/>.
    /// </summary>
    /// <param name="outputs">(batch × outputs).</param>
    /// <param name="targets">The true class or targets of each row.</param>
    /// <param name="gradient">The destination of the gradient (batch × outputs), or an empty batch for an evaluation.</param>
    /// <param name="scale">1 / (examples of the whole step), so that the gradient is that of the mean loss.</param>
    public abstract LossSum Evaluate(Rows outputs, BatchTargets targets, Rows gradient, float scale);

    /// <inheritdoc/>
    public virtual void Dispose() => GC.SuppressFinalize(this);
}

/// <summary>Sums over examples.</summary>
/// <param name="Loss">The sum of the losses.</param>
/// <param name="Correct">
/// Correct predictions: at most one per example for classification, one per label for multi-label tasks; 0 for regression.
/// </param>
public readonly record struct LossSum(double Loss, int Correct)
{
    /// <summary>The sum of the unsmoothed cross-entropies, for classification. Equals <see cref="Loss"/> for other tasks.</summary>
    public double CrossEntropy { get; init; }

    /// <summary>Adds two sums.</summary>
    public static LossSum operator +(LossSum a, LossSum b) =>
        new(a.Loss + b.Loss, a.Correct + b.Correct) { CrossEntropy = a.CrossEntropy + b.CrossEntropy };
}
