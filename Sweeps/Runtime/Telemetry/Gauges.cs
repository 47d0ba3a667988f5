namespace Sweeps.Telemetry;

/// <summary>What a sweep's gauges show at one moment.</summary>
/// <param name="Sweep">The sweep's id.</param>
/// <param name="Active">There is work to do and nobody has paused it.</param>
/// <param name="RunsByState">Runs by state: <c>queued</c>, <c>running</c>, <c>paused</c>, <c>finished</c>, <c>stopped</c>, <c>diverged</c>, <c>failed</c>.</param>
/// <param name="RunsByRung">How many runs have reached each rung, the lowest first; fifteen are shown at most.</param>
/// <param name="Queued">Runs that would start if there were slots for them.</param>
/// <param name="Best">The best objective value, as reported, or null before the first.</param>
/// <param name="RemainingSeconds">Estimated time to the end, or null when there is no bound to the work.</param>
public sealed record SweepGauges(
    string Sweep, bool Active, IReadOnlyDictionary<string, int> RunsByState, IReadOnlyList<RungGauge> RunsByRung, int Queued, double? Best,
    double? RemainingSeconds);

/// <summary>Runs that have reached a rung.</summary>
public sealed record RungGauge(int Bracket, int Epoch, int Runs);

/// <summary>What a node's gauges show at one moment.</summary>
/// <param name="Slots">Slots in all.</param>
/// <param name="Busy">Slots that train.</param>
/// <param name="Draining">No new work is asked for.</param>
/// <param name="DiskFree">Free bytes where checkpoints or temporary files go.</param>
/// <param name="DiskSize">Size of that disk in bytes.</param>
public sealed record NodeGauges(int Slots, int Busy, bool Draining, long DiskFree, long DiskSize);
