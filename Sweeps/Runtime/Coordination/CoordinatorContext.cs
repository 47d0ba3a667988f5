using Microsoft.Extensions.Logging;
using Sweeps.Log;
using Sweeps.Telemetry;

namespace Sweeps.Coordination;

/// <summary>What a coordinator stands on.</summary>
/// <param name="Log">The truth.</param>
/// <param name="Checkpoints">Where those of runs that are over for good are deleted.</param>
/// <param name="Machines">Makes the machine, which the log is replayed into.</param>
/// <param name="Time">Stamps commands, drives the tick.</param>
/// <param name="Metrics">The process's instruments.</param>
/// <param name="Logger">Where troubles are told.</param>
public sealed record CoordinatorContext(
    IEventLog Log, ICheckpointStore Checkpoints, MachineFactory Machines, TimeProvider Time, SweepMetrics Metrics, ILogger Logger)
{
    /// <summary>How often expired leases and time budgets are looked at. Default: one second.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// After so many failed attempts at one append the coordinator gives up and closes: for a process whose user can see it and start it again.
    /// Default: null, never; a cluster waits until its store is back.
    /// </summary>
    public int? MaxAttempts { get; init; }

    /// <summary>A snapshot is written after so many events, or when the log has grown by a quarter if that is more. Default: 10,000.</summary>
    public int SnapshotEvery { get; init; } = 10_000;

    /// <summary>How many commands may wait for their turn; senders of more wait until there is room. Default: 16,384.</summary>
    public int MailboxSize { get; init; } = 16 * 1024;

    /// <summary>The most commands decided in one append. Default: 4096.</summary>
    public int MaxBatch { get; init; } = 4096;
}
