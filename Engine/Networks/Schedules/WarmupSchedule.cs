namespace Engine.Networks;

/// <summary>Rises linearly from <paramref name="start"/> to 1 over the first epochs, times another schedule.</summary>
/// <param name="epochs">Length of the rise, &gt; 0.</param>
/// <param name="start">The first factor, in (0, 1].</param>
/// <param name="then">The schedule underneath, on the same clock.</param>
public sealed class WarmupSchedule(double epochs, double start, Schedule then) : Schedule
{
    /// <inheritdoc/>
    public override Span<double> State => then.State;

    /// <inheritdoc/>
    public override double Factor(double time) =>
        then.Factor(time) * (time >= epochs ? 1 : start + (1 - start) * time / epochs);

    /// <inheritdoc/>
    public override void EpochEnded(double loss) => then.EpochEnded(loss);
}
