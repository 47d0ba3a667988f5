namespace Engine.Networks;

/// <summary>The constant factor 1.</summary>
public sealed class ConstantSchedule : Schedule
{
    /// <inheritdoc/>
    public override double Factor(double time) => 1;
}
