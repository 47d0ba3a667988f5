using Sweeps.Core;
using Sweeps.Hosting;
using Sweeps.Log;

namespace Sweeps.Tests.Hosting;

public sealed class SweepCoordinatorTests : IAsyncLifetime, IDisposable
{
    private readonly MemoryStore store = new();
    private readonly Bench bench;
    private SweepCoordinator coordinator = null!;

    public SweepCoordinatorTests() => bench = new Bench(store, Bench.Asha.Replace("run_cap: 9", "run_cap: 1000", StringComparison.Ordinal));

    public async Task InitializeAsync()
    {
        await bench.CreateAsync();
        coordinator = await SweepCoordinator.OpenAsync("test", bench.Context, default);
    }

    [Fact]
    public async Task What_waits_is_decided_in_one_append_and_answered_after_it()
    {
        using var append = new ManualResetEventSlim();
        var before = store.Appends;
        store.BeforeAppend = _ => append.Wait();
        var asked = Enumerable.Range(0, 50).Select(n => Ask($"node-{n}")).ToList();
        Assert.DoesNotContain(asked, task => task.IsCompleted);

        append.Set();
        var replies = await Task.WhenAll(asked);

        Assert.Equal(50, replies.Select(reply => Assert.Single(reply.Assignments).Run).Distinct().Count());
        Assert.True(store.Appends - before <= 3, $"{store.Appends - before} appends for 50 commands.");
    }

    [Fact]
    public async Task An_append_that_fails_is_tried_again_and_nothing_is_answered_before()
    {
        var failures = 3;
        store.BeforeAppend = _ =>
        {
            if (failures-- > 0)
                throw new IOException("No space left on device");
        };

        var reply = await Ask("node");

        Assert.Equal(-1, failures);
        Assert.Equal(0, Assert.Single(reply.Assignments).Run);
        Assert.Equal([1L, 2, 3], store.Events.Select(logged => logged.Seq));
    }

    [Fact]
    public async Task Of_two_coordinators_the_one_that_appends_second_reads_the_tail_and_decides_again()
    {
        await using var other = await SweepCoordinator.OpenAsync("test", bench.Context, default);

        var here = Enumerable.Range(0, 20).Select(n => Ask($"here-{n}"));
        var there = Enumerable.Range(0, 20).Select(n => other.SendAsync<WorkReply>(new RequestWork(default, $"there-{n}", 1, []), default));
        var replies = await Task.WhenAll(here.Concat(there));

        Assert.Equal(40, replies.Select(reply => Assert.Single(reply.Assignments).Run).Distinct().Count());
        Assert.Equal(Enumerable.Range(1, store.Events.Count).Select(n => (long)n), store.Events.Select(logged => logged.Seq));
    }

    [Fact]
    public async Task A_report_of_an_assignment_that_another_coordinator_made_is_understood()
    {
        await using var other = await SweepCoordinator.OpenAsync("test", bench.Context, default);
        var assignment = Assert.Single((await other.SendAsync<WorkReply>(new RequestWork(default, "node", 1, []), default)).Assignments);

        var reply = await coordinator.SendAsync<VerdictReply>(Report(assignment.Run, 1), default);

        Assert.Equal(Verdict.Pause, reply.Verdict);
    }

    [Fact]
    public async Task A_report_that_makes_no_sense_is_refused_and_the_coordinator_goes_on_without_reading_the_log_again()
    {
        var replays = store.Replays;

        await Assert.ThrowsAsync<RefusedReportException>(() => coordinator.SendAsync<VerdictReply>(Report(99, 1), default));

        Assert.Equal(replays, store.Replays);
        Assert.Single((await Ask("node")).Assignments);
    }

    [Fact]
    public async Task Events_are_seen_when_they_are_durable()
    {
        await Ask("node");

        Assert.Equal([2L, 3], (await coordinator.EventsAsync(1, 100, default)).Select(logged => logged.Seq));
        Assert.Equal([1L], (await coordinator.EventsAsync(0, 1, default)).Select(logged => logged.Seq));
        Assert.Empty(await coordinator.EventsAsync(3, 100, default));
    }

    [Fact]
    public async Task A_coordinator_that_may_give_up_says_why_and_answers_nobody()
    {
        await using var impatient = await SweepCoordinator.OpenAsync("test", bench.Context with { MaxAttempts = 2 }, default);
        store.BeforeAppend = _ => throw new IOException("No space left on device");

        await Assert.ThrowsAsync<CoordinatorClosedException>(
            () => impatient.SendAsync<WorkReply>(new RequestWork(default, "node", 1, []), default));

        Assert.Equal("No space left on device", (await impatient.Failure).Message);
        await Assert.ThrowsAsync<CoordinatorClosedException>(
            () => impatient.SendAsync<WorkReply>(new RequestWork(default, "node", 1, []), default));
        Assert.Single(store.Events);
    }

    [Fact]
    public async Task A_closed_coordinator_says_so()
    {
        await coordinator.DisposeAsync();

        await Assert.ThrowsAsync<CoordinatorClosedException>(() => Ask("node"));
    }

    [Fact]
    public async Task A_store_that_fails_while_the_coordinator_closes_leaves_nobody_waiting()
    {
        var closed = Task.CompletedTask;
        store.BeforeAppend = _ =>
        {
            closed = coordinator.DisposeAsync().AsTask();
            throw new IOException("Connection reset by peer");
        };

        await Assert.ThrowsAsync<CoordinatorClosedException>(() => Ask("node").WaitAsync(TimeSpan.FromSeconds(30)));
        await closed;
    }

    [Fact]
    public async Task A_bad_sweep_file_creates_nothing()
    {
        var empty = new MemoryStore();
        using var bad = new Bench(empty, "method: hope");

        await Assert.ThrowsAnyAsync<Exception>(bad.CreateAsync);

        Assert.Empty(empty.Events);
    }

    public async Task DisposeAsync() => await coordinator.DisposeAsync();

    public void Dispose() => bench.Dispose();

    private Task<WorkReply> Ask(string node) => coordinator.SendAsync<WorkReply>(new RequestWork(default, node, 1, []), default);

    private static ReportEpoch Report(int run, int epoch) =>
        new(default, "node", run, 1, epoch, new Dictionary<string, double> { ["val_loss"] = 0.5 }, 0.1);
}
