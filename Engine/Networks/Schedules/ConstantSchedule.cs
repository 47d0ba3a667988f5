namespace Engine.Networks;

/// <summary>Always the base rate.</summary>
public sealed class ConstantSchedule : Schedule
{
    /// <inheritdoc/>
    public override double Factor(double time) => 1;
}
