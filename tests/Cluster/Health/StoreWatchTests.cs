using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Silo.Health;
using Sweeps.Core;
using Sweeps.Log;

namespace Cluster.Health;

/// <summary>Readiness follows the store: not ready after a failed append, ready again after the next write or a successful probe.</summary>
public sealed class StoreWatchTests : IAsyncDisposable
{
    private readonly FakeTimeProvider time = new();
    private readonly NodeHealth health;
    private readonly FailingLog store = new();
    private readonly WatchedLog log;
    private readonly Channel<bool> probes = Channel.CreateUnbounded<bool>();
    private readonly StoreWatch watch;

    public StoreWatchTests()
    {
        health = new NodeHealth(time);
        health.Joined();
        log = new WatchedLog(store, health);
        watch = new StoreWatch(new StoreProbes(ProbeAsync, _ => Task.CompletedTask), health, time, NullLogger<StoreWatch>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await watch.StopAsync(CancellationToken.None);
        watch.Dispose();
    }

    [Fact]
    public async Task A_failed_append_makes_the_node_not_ready_and_the_next_good_one_ready()
    {
        await AppendAsync(new IOException("disk full"));
        Assert.Equal("the store refuses writes", health.NotReady);

        await AppendAsync(null);
        Assert.Null(health.NotReady);
    }

    [Fact]
    public async Task A_conflict_and_a_closing_coordinator_say_nothing_about_the_store()
    {
        await AppendAsync(new LogConflictException("s", 1));
        await AppendAsync(new OperationCanceledException());

        Assert.Null(health.NotReady);
    }

    [Fact]
    public async Task A_node_that_never_appends_again_is_ready_when_a_probe_finds_the_store_back()
    {
        await watch.StartAsync(CancellationToken.None);
        await AppendAsync(new IOException("connection refused"));

        Assert.False(await ProbedAsync());
        Assert.Equal("the store refuses writes", health.NotReady);

        store.Trouble = null;
        while (health.NotReady is not null)
            await ProbedAsync();
    }

    [Fact]
    public async Task A_node_that_writes_nothing_says_that_the_store_cannot_be_reached()
    {
        store.Trouble = new NpgsqlException("Failed to connect to 127.0.0.1:5432\nmore");
        await watch.StartAsync(CancellationToken.None);

        while (health.NotReady is null)
            await ProbedAsync();

        Assert.Equal("the store cannot be reached", health.NotReady);
        Assert.Equal("the store cannot be reached: Failed to connect to 127.0.0.1:5432", health.StoreTrouble);
    }

    [Fact]
    public async Task A_refused_checkpoint_is_told_until_one_is_written_although_appends_and_probes_succeed()
    {
        var checkpoints = new WatchedCheckpoints(new FailingCheckpoints(store), health);
        store.Trouble = new IOException("disk full");
        await Assert.ThrowsAsync<IOException>(SaveAsync);

        await AppendAsync(null);
        health.StoreProbed(StorePart.Checkpoints, null);
        Assert.Equal("the store refuses checkpoints: disk full", health.StoreTrouble);

        await SaveAsync();
        Assert.Null(health.NotReady);

        Task SaveAsync() => checkpoints.SaveAsync("s", new StoredCheckpoint(0, 1, 1, default), CancellationToken.None);
    }

    [Fact]
    public void An_error_that_concerns_only_the_written_data_says_nothing_about_the_store()
    {
        health.StoreFailed(StorePart.Checkpoints, new PostgresException("value too large", "ERROR", "ERROR", "54000"));

        Assert.Null(health.NotReady);
    }

    /// <summary>Advances the clock until the watch, which runs in its own task, has probed. Returns whether the probe succeeded.</summary>
    private async Task<bool> ProbedAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var probed = probes.Reader.ReadAsync(limit.Token).AsTask();
        while (!probed.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        return await probed;
    }

    /// <summary>Reads <see cref="FailingLog.Trouble"/> once, so that the result which the test sees is the one which the watch gets.</summary>
    private Task ProbeAsync(CancellationToken cancel)
    {
        var trouble = store.Trouble;
        probes.Writer.TryWrite(trouble is null);
        return trouble is null ? Task.CompletedTask : Task.FromException(trouble);
    }

    private async Task AppendAsync(Exception? trouble)
    {
        store.Trouble = trouble;
        var error = await Record.ExceptionAsync(() => log.AppendAsync("s", [], CancellationToken.None));
        Assert.Same(trouble, error);
    }

    private sealed class FailingCheckpoints(FailingLog store) : ICheckpointStore
    {
        public Task<bool> ClaimAsync(string sweep, int run, int generation, CancellationToken cancel) => Task.FromResult(true);

        public Task<bool> SaveAsync(string sweep, StoredCheckpoint checkpoint, CancellationToken cancel) =>
            store.Trouble is { } error ? Task.FromException<bool>(error) : Task.FromResult(true);

        public Task<StoredCheckpoint?> LoadAsync(string sweep, int run, CancellationToken cancel) => Task.FromResult<StoredCheckpoint?>(null);

        public Task<bool> SaveBestAsync(string sweep, StoredCheckpoint weights, CancellationToken cancel) => Task.FromResult(true);

        public Task<StoredCheckpoint?> LoadBestAsync(string sweep, int run, CancellationToken cancel) => Task.FromResult<StoredCheckpoint?>(null);

        public Task DeleteAsync(string sweep, IReadOnlyCollection<int> runs, CancellationToken cancel) => Task.CompletedTask;
    }

    private sealed class FailingLog : IEventLog
    {
        private volatile Exception? trouble;

        /// <summary>What the next append throws; null if it succeeds. The test sets it while the watch reads it.</summary>
        public Exception? Trouble { get => trouble; set => trouble = value; }

        public Task AppendAsync(string sweep, IReadOnlyList<LoggedEvent> events, CancellationToken cancel) =>
            Trouble is { } error ? Task.FromException(error) : Task.CompletedTask;

        public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel) => Task.FromResult<IReadOnlyList<string>>([]);

        public async IAsyncEnumerable<LoggedEvent> ReadAsync(
            string sweep, long afterSeq, [EnumeratorCancellation] CancellationToken cancel, int limit = int.MaxValue)
        {
            await Task.CompletedTask;
            yield break;
        }

        public Task<LogSnapshot?> ReadSnapshotAsync(string sweep, CancellationToken cancel) => Task.FromResult<LogSnapshot?>(null);

        public Task WriteSnapshotAsync(string sweep, LogSnapshot snapshot, CancellationToken cancel) => Task.CompletedTask;
    }
}
