using Engine.Numerics;

namespace Engine.Networks;

/// <summary>factor^⌊time / every⌋: multiplies the learning rate by a factor every few epochs.</summary>
/// <param name="every">Epochs between two reductions, ≥ 1.</param>
/// <param name="factor">The factor of each reduction, in (0, 1].</param>
public sealed class StepSchedule(int every, double factor) : Schedule
{
    /// <inheritdoc/>
    public override double Factor(double time) => Elementary.Power(factor, (long)time / every);
}
