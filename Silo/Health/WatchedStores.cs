using Sweeps.Core;
using Sweeps.Log;

namespace Silo.Health;

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
            health.StoreWrote(StorePart.Log);
        }
        catch (Exception e) when (e is not (LogConflictException or OperationCanceledException))
        {
            health.StoreFailed(StorePart.Log, e);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<LogSnapshot?> ReadSnapshotAsync(string sweep, CancellationToken cancel) => log.ReadSnapshotAsync(sweep, cancel);

    /// <inheritdoc/>
    public Task WriteSnapshotAsync(string sweep, LogSnapshot snapshot, CancellationToken cancel) => log.WriteSnapshotAsync(sweep, snapshot, cancel);
}

/// <summary>Passes every call on to <paramref name="checkpoints"/> and reports to <paramref name="health"/> whether those of runs succeed.</summary>
public sealed class WatchedCheckpoints(ICheckpointStore checkpoints, NodeHealth health) : ICheckpointStore
{
    /// <inheritdoc/>
    public Task<bool> ClaimAsync(string sweep, int run, int generation, CancellationToken cancel) =>
        WatchAsync(checkpoints.ClaimAsync(sweep, run, generation, cancel), writes: false);

    /// <inheritdoc/>
    public Task<bool> SaveAsync(string sweep, StoredCheckpoint checkpoint, CancellationToken cancel) =>
        WatchAsync(checkpoints.SaveAsync(sweep, checkpoint, cancel), writes: true);

    /// <inheritdoc/>
    public Task<StoredCheckpoint?> LoadAsync(string sweep, int run, CancellationToken cancel) =>
        WatchAsync(checkpoints.LoadAsync(sweep, run, cancel), writes: false);

    /// <inheritdoc/>
    public Task<bool> SaveBestAsync(string sweep, StoredCheckpoint weights, CancellationToken cancel) =>
        WatchAsync(checkpoints.SaveBestAsync(sweep, weights, cancel), writes: false);

    /// <inheritdoc/>
    public Task<StoredCheckpoint?> LoadBestAsync(string sweep, int run, CancellationToken cancel) => checkpoints.LoadBestAsync(sweep, run, cancel);

    /// <inheritdoc/>
    public Task DeleteAsync(string sweep, IReadOnlyCollection<int> runs, CancellationToken cancel) => checkpoints.DeleteAsync(sweep, runs, cancel);

    /// <summary>
    /// Reports a failure, and the success of a call that writes a checkpoint. The success of another call says nothing about a refused checkpoint: reads
    /// succeed in a read-only store, and the weights may be small enough for a full disk.
    /// </summary>
    private async Task<T> WatchAsync<T>(Task<T> call, bool writes)
    {
        try
        {
            var answer = await call;
            if (writes)
                health.StoreWrote(StorePart.Checkpoints);
            return answer;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            health.StoreFailed(StorePart.Checkpoints, e);
            throw;
        }
    }
}
