using Engine.Networks;

namespace Engine.Training;

/// <summary>The kinds of divergence.</summary>
public enum DivergenceKind
{
    /// <summary>The loss is NaN or infinite.</summary>
    Loss = 1,
    /// <summary>The norm of the gradient is NaN or infinite.</summary>
    Gradient = 2,
    /// <summary>The loss is above <see cref="TrainingOptions.LossLimit"/>.</summary>
    Explosion = 3,
}

/// <summary>The reason why training diverged. <see cref="ToString"/> describes it for the user.</summary>
/// <param name="Kind">The kind of divergence.</param>
/// <param name="Batch">The batch of the epoch, from 1.</param>
/// <param name="Value">The loss, or the norm of the gradient.</param>
public sealed record DivergenceReason(DivergenceKind Kind, int Batch, double Value)
{
    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        DivergenceKind.Explosion => FormattableString.Invariant($"the loss exploded to {Value:G4} at batch {Batch}"),
        DivergenceKind.Gradient => FormattableString.Invariant($"the gradient's norm became {Value} at batch {Batch}"),
        _ => FormattableString.Invariant($"the loss became {Value} at batch {Batch}"),
    };
}
