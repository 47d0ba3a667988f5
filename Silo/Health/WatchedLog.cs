using Sweeps.Core;
using Sweeps.Log;

namespace Silo.Health;

/// <summary>A log that tells the node's health whether the store takes appends.</summary>
internal sealed class WatchedLog(IEventLog log, NodeHealth health) : IEventLog
{
    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel) => log.ListAsync(cancel);

    public IAsyncEnumerable<LoggedEvent> ReadAsync(string sweep, long afterSeq, CancellationToken cancel) => log.ReadAsync(sweep, afterSeq, cancel);

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

    public Task<LogSnapshot?> ReadSnapshotAsync(string sweep, CancellationToken cancel) => log.ReadSnapshotAsync(sweep, cancel);

    public Task WriteSnapshotAsync(string sweep, LogSnapshot snapshot, CancellationToken cancel) => log.WriteSnapshotAsync(sweep, snapshot, cancel);
}
