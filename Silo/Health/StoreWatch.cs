using Sweeps.Core;
using Sweeps.Log;

namespace Silo.Health;

/// <summary>Checks with a write that leaves no trace whether the store accepts writes. Throws if it does not.</summary>
public delegate Task WriteProbe(CancellationToken cancel);

/// <summary>
/// Probes the store once a second while its last write failed. Without the probe the node might stay unready: the coordinator whose append failed may
/// move to another node, and then this node makes no further append.
/// </summary>
public sealed class StoreWatch(WriteProbe probe, NodeHealth health, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            if (health.StoreFails)
                await ProbeAsync(stoppingToken);
    }

    private async Task ProbeAsync(CancellationToken cancel)
    {
        try
        {
            await probe(cancel);
            health.StoreAnswered(well: true);
        }
        catch (Exception)
        {
            // The store still refuses writes, for which the failed append has logged the reason; or this node stops.
        }
    }
}

/// <summary>Passes every call on to <paramref name="log"/> and reports to <paramref name="health"/> whether appends succeed.</summary>
public sealed class WatchedLog(IEventLog log, NodeHealth health) : IEventLog
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel) => log.ListAsync(cancel);

    /// <inheritdoc/>
    public IAsyncEnumerable<LoggedEvent> ReadAsync(string sweep, long afterSeq, CancellationToken cancel, int limit = int.MaxValue) =>
        log.ReadAsync(sweep, afterSeq, cancel, limit);

    /// <inheritdoc/>
    public async Task AppendAsync(string sweep, IReadOnlyList<LoggedEvent> events, CancellationToken cancel)
    {
        try
        {
            await log.AppendAsync(sweep, events, cancel);
            health.StoreAnswered(well: true);
        }
        catch (Exception e) when (e is not (LogConflictException or OperationCanceledException))
        {
            health.StoreAnswered(well: false);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<LogSnapshot?> ReadSnapshotAsync(string sweep, CancellationToken cancel) => log.ReadSnapshotAsync(sweep, cancel);

    /// <inheritdoc/>
    public Task WriteSnapshotAsync(string sweep, LogSnapshot snapshot, CancellationToken cancel) => log.WriteSnapshotAsync(sweep, snapshot, cancel);
}
