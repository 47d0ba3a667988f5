using Sweeps.Core;
using Sweeps.Log;

namespace Silo.Health;

/// <summary>A log that tells the node's health whether the store takes appends.</summary>
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
