using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using Silo.Health;
using Sweeps.Core;
using Sweeps.Log;

namespace Cluster.Health;

/// <summary>Readiness follows the store: not ready after a failed append, ready again after the next write or a successful probe.</summary>
public sealed class StoreWatchTests : IAsyncDisposable
{
    private readonly NodeHealth health = new();
    private readonly FailingLog store = new();
    private readonly WatchedLog log;
    private readonly FakeTimeProvider time = new();
    private readonly Channel<bool> probes = Channel.CreateUnbounded<bool>();
    private readonly StoreWatch watch;

    public StoreWatchTests()
    {
        health.Joined();
        log = new WatchedLog(store, health);
        watch = new StoreWatch(ProbeAsync, health, time);
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
        while (!await ProbedAsync())
            continue;
        await watch.StopAsync(CancellationToken.None);
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
