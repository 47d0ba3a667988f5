using Microsoft.Extensions.Logging;
using Sweeps.Core;
using Sweeps.Hooks;
using Sweeps.Log;
using Sweeps.Telemetry;

namespace Sweeps.Coordination;

/// <summary>The services and settings of a <see cref="SweepCoordinator"/>.</summary>
/// <param name="Log">The log that holds the sweep's events.</param>
/// <param name="Checkpoints">The store in which the checkpoints of finished runs are deleted.</param>
/// <param name="Machines">Creates the machine that the log is replayed into.</param>
/// <param name="Time">The clock for the times of events and for the tick.</param>
/// <param name="Metrics">The instruments of the process.</param>
/// <param name="Logger">Receives failures.</param>
public sealed record CoordinatorContext(
    IEventLog Log, ICheckpointStore Checkpoints, MachineFactory Machines, TimeProvider Time, SweepMetrics Metrics, ILogger Logger)
{
    /// <summary>How often the machine checks for expired leases and time budgets. Default: one second.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The number of failed attempts at one append after which the coordinator closes. For a process whose user sees the error and can start
    /// it again. Default: null, no limit, so that a cluster waits until its store works again.
    /// </summary>
    public int? MaxAttempts { get; init; }

    /// <summary>A snapshot is written after this many events, or after the log has grown by a quarter if that is more. Default: 10,000.</summary>
    public int SnapshotEvery { get; init; } = 10_000;

    /// <summary>Calls <c>on_best</c> and <c>on_end</c>. Default: null, hooks are not called.</summary>
    public HookHost? Hooks { get; init; }

    /// <summary>The capacity of the mailbox; a sender waits while it is full. Default: 16,384.</summary>
    public int MailboxSize { get; init; } = 16 * 1024;

    /// <summary>
    /// The time after which a command of a person is withdrawn if the store does not accept its events; the sender gets the store's reason. Default: ten
    /// seconds.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The maximum number of commands per append. Default: 4096.</summary>
    public int MaxBatch { get; init; } = 4096;
}

/// <summary>Creates machines into which a log is replayed.</summary>
/// <param name="Read">Parses sweep files.</param>
/// <param name="Search">Creates the search.</param>
/// <param name="Options">The options of the machines.</param>
public sealed record MachineFactory(SpecReader Read, SearchMaker Search, MachineOptions Options)
{
    /// <summary>A machine with an empty state.</summary>
    public SweepMachine Empty() => new(Read, Search, Options);

    /// <summary>A machine with the state of a snapshot; null if the snapshot is damaged or of another version.</summary>
    public SweepMachine? FromSnapshot(ReadOnlyMemory<byte> snapshot)
    {
        try
        {
            return SweepSnapshot.Read(Read, snapshot) is { } state ? new SweepMachine(Read, Search, Options, state) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}

/// <summary>Lists the ids of a store's sweeps that may have work. The list may contain a sweep that has just ended.</summary>
public delegate Task<IReadOnlyList<string>> ActiveSweeps(CancellationToken cancel);
