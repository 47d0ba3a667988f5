namespace Engine.Networks;

/// <summary>
/// Another schedule, multiplied by a factor that rises linearly from <paramref name="start"/> to 1 over the first epochs.
/// </summary>
/// <param name="epochs">The length of the warm-up, &gt; 0.</param>
/// <param name="start">The first factor, in (0, 1].</param>
/// <param name="then">The other schedule. Its time includes the warm-up.</param>
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
