using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Sweeps.Core;
using Sweeps.Log;

namespace Runtime.Tests.Support;

/// <summary>
/// A log and checkpoints that outlive a simulated process. <see cref="Dead"/> simulates its crash: all later writes fail.
/// </summary>
internal sealed class MemoryStore : IEventLog, ICheckpointStore
{
    private readonly Lock gate = new();
    private readonly List<LoggedEvent> events = [];
    private readonly ConcurrentDictionary<int, List<StoredCheckpoint>> checkpoints = new();
    private readonly ConcurrentDictionary<int, StoredCheckpoint> best = new();
    private readonly ConcurrentDictionary<int, int> fences = new();

    /// <summary>Called before each append with its number, from 1.</summary>
    public Action<int>? BeforeAppend { get; set; }

    /// <summary>Called after each append with its number, from 1.</summary>
    public Action<int>? AfterAppend { get; set; }

    /// <summary>Called with the events of each append; may throw.</summary>
    public Action<IReadOnlyList<LoggedEvent>>? Appending { get; set; }

    /// <summary>Called before each checkpoint is written.</summary>
    public Action? BeforeSave { get; set; }

    public int Appends { get; private set; }

    /// <summary>The number of reads of the log from its first event.</summary>
    public int Replays { get; private set; }

    public volatile bool Dead;

    public IReadOnlyList<LoggedEvent> Events
    {
        get
        {
            lock (gate)
                return [.. events];
        }
    }

    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel) => Task.FromResult<IReadOnlyList<string>>(["test"]);

    public async IAsyncEnumerable<LoggedEvent> ReadAsync(
        string sweep, long afterSeq, [EnumeratorCancellation] CancellationToken cancel, int limit = int.MaxValue)
    {
        await Task.CompletedTask;
        Replays += afterSeq == 0 ? 1 : 0;
        foreach (var logged in Events.Skip((int)afterSeq).Take(limit))
            yield return logged;
    }

    public Task AppendAsync(string sweep, IReadOnlyList<LoggedEvent> appended, CancellationToken cancel)
    {
        lock (gate)
        {
            Appends++;
            BeforeAppend?.Invoke(Appends);
            Appending?.Invoke(appended);
            if (Dead)
                throw new IOException("The process is dead.");
            if (appended[0].Seq != events.Count + 1)
                throw new LogConflictException(sweep, appended[0].Seq);
            events.AddRange(appended);
            AfterAppend?.Invoke(Appends);
            if (Dead)
                throw new IOException("The process is dead.");
        }
        return Task.CompletedTask;
    }

    public Task<LogSnapshot?> ReadSnapshotAsync(string sweep, CancellationToken cancel) => Task.FromResult<LogSnapshot?>(null);

    public Task WriteSnapshotAsync(string sweep, LogSnapshot snapshot, CancellationToken cancel) => Task.CompletedTask;

    public Task<bool> ClaimAsync(string sweep, int run, int generation, CancellationToken cancel) =>
        Task.FromResult(!Dead && fences.AddOrUpdate(run, generation, (_, old) => Math.Max(old, generation)) == generation);

    public Task<bool> SaveAsync(string sweep, StoredCheckpoint checkpoint, CancellationToken cancel)
    {
        BeforeSave?.Invoke();
        if (Dead || fences.AddOrUpdate(checkpoint.Run, checkpoint.Generation, (_, old) => Math.Max(old, checkpoint.Generation)) > checkpoint.Generation)
            return Task.FromResult(false);
        var kept = checkpoints.GetOrAdd(checkpoint.Run, _ => []);
        lock (kept)
            kept.Add(checkpoint);
        return Task.FromResult(true);
    }

    public Task<bool> SaveBestAsync(string sweep, StoredCheckpoint weights, CancellationToken cancel)
    {
        BeforeSave?.Invoke();
        if (Dead || fences.AddOrUpdate(weights.Run, weights.Generation, (_, old) => Math.Max(old, weights.Generation)) > weights.Generation)
            return Task.FromResult(false);
        best[weights.Run] = weights;
        return Task.FromResult(true);
    }

    public Task<StoredCheckpoint?> LoadBestAsync(string sweep, int run, CancellationToken cancel) => Task.FromResult(best.GetValueOrDefault(run));

    public Task<StoredCheckpoint?> LoadAsync(string sweep, int run, CancellationToken cancel) =>
        Task.FromResult(checkpoints.GetValueOrDefault(run)?[^1]);

    public Task DeleteAsync(string sweep, IReadOnlyCollection<int> runs, CancellationToken cancel)
    {
        foreach (var run in runs)
            if (!Dead)
            {
                checkpoints.TryRemove(run, out _);
                best.TryRemove(run, out _);
            }
        return Task.CompletedTask;
    }
}
