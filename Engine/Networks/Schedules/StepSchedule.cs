using Engine.Numerics;

namespace Engine.Networks;

/// <summary>factor^⌊time / every⌋: the rate falls every few epochs.</summary>
/// <param name="every">Epochs between falls, ≥ 1.</param>
/// <param name="factor">In (0, 1].</param>
public sealed class StepSchedule(int every, double factor) : Schedule
{
    /// <inheritdoc/>
    public override double Factor(double time) => Elementary.Power(factor, (long)time / every);
}
