using Runtime.Tests.Support;
using Sweeps.Coordination;
using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Log;

namespace Runtime.Tests.Coordination;

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
        var there = Enumerable.Range(0, 20).Select(n => other.SendAsync(new RequestWork($"there-{n}", 1, []), default));
        var replies = await Task.WhenAll(here.Concat(there));

        Assert.Equal(40, replies.Select(reply => Assert.Single(reply.Assignments).Run).Distinct().Count());
        Assert.Equal(Enumerable.Range(1, store.Events.Count).Select(n => (long)n), store.Events.Select(logged => logged.Seq));
    }

    [Fact]
    public async Task A_report_of_an_assignment_that_another_coordinator_made_is_understood()
    {
        await using var other = await SweepCoordinator.OpenAsync("test", bench.Context, default);
        var assignment = Assert.Single((await other.SendAsync(new RequestWork("node", 1, []), default)).Assignments);

        var reply = await coordinator.SendAsync(Report(assignment.Run, 1), default);

        Assert.Equal(Verdict.Pause, reply.Verdict);
    }

    [Fact]
    public async Task A_report_that_makes_no_sense_is_refused_and_the_coordinator_goes_on_without_reading_the_log_again()
    {
        var replays = store.Replays;

        await Assert.ThrowsAsync<RefusedReportException>(() => coordinator.SendAsync(Report(99, 1), default));

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
            () => impatient.SendAsync(new RequestWork("node", 1, []), default));

        Assert.Equal("No space left on device", (await impatient.Failure).Message);
        await Assert.ThrowsAsync<CoordinatorClosedException>(
            () => impatient.SendAsync(new RequestWork("node", 1, []), default));
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
    public async Task A_defect_after_an_append_closes_the_coordinator_with_its_reason()
    {
        coordinator.Appended += _ => throw new InvalidOperationException("a gauge broke");

        var first = await Assert.ThrowsAsync<CoordinatorClosedException>(() => Ask("node").WaitAsync(TimeSpan.FromSeconds(30)));
        var second = await Assert.ThrowsAsync<CoordinatorClosedException>(() => Ask("node").WaitAsync(TimeSpan.FromSeconds(30)));

        Assert.Contains("a gauge broke", first.Message, StringComparison.Ordinal);
        Assert.Contains("a gauge broke", second.Message, StringComparison.Ordinal);
        Assert.Equal("a gauge broke", (await coordinator.Failure).Message);
        await using var next = await SweepCoordinator.OpenAsync("test", bench.Context, default);
        Assert.Single((await next.SendAsync(new RequestWork("node", 1, []), default)).Assignments);
    }

    [Fact]
    public async Task A_command_that_the_log_cannot_hold_is_refused_and_those_beside_it_are_answered()
    {
        using var append = new ManualResetEventSlim();
        store.BeforeAppend = _ => append.Wait();
        store.Appending = events =>
        {
            if (events.Any(logged => logged.Event is SweepSteered { Why: "\0" }))
                throw new EventRefusedException("test", "a null character", new InvalidOperationException());
        };
        var opening = Ask("first");
        var poison = coordinator.SendAsync(new Steer(new SweepSteered("ann", "\0", new SteerAction.PinRun(0))), default);
        var asked = Enumerable.Range(0, 5).Select(n => Ask($"node-{n}")).ToList();
        append.Set();

        await Assert.ThrowsAsync<EventRefusedException>(() => poison);
        Assert.All(await Task.WhenAll([opening, .. asked]), reply => Assert.Single(reply.Assignments));
        Assert.DoesNotContain(store.Events, logged => logged.Event is SweepSteered);
    }

    [Fact]
    public async Task More_senders_than_the_mailbox_holds_are_all_answered_and_who_has_left_is_not_decided_for()
    {
        await using var narrow = await SweepCoordinator.OpenAsync("test", bench.Context with { MailboxSize = 2 }, default);
        using var append = new ManualResetEventSlim();
        store.BeforeAppend = _ => append.Wait();
        using var leave = new CancellationTokenSource();
        Task<WorkReply> Send(string node, CancellationToken cancel) => narrow.SendAsync(new RequestWork(node, 1, []), cancel);
        var opening = Send("first", default);
        var left = Enumerable.Range(0, 4).Select(n => Send($"left-{n}", leave.Token)).ToList();
        var stayed = Enumerable.Range(0, 20).Select(n => Send($"stayed-{n}", default)).ToList();
        // The pump has taken at most the batch that it appends: these commands are still in the mailbox or not yet in it.
        await leave.CancelAsync();
        append.Set();

        Assert.All(await Task.WhenAll([opening, .. stayed]), reply => Assert.Single(reply.Assignments));
        foreach (var task in left)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        var assigned = store.Events.Select(logged => logged.Event).OfType<RunAssigned>().Count(one => one.Node.StartsWith("left", StringComparison.Ordinal));
        Assert.InRange(assigned, 0, 2);
    }

    [Fact]
    public async Task While_a_model_is_fitted_reports_are_answered_and_the_log_says_what_the_proposal_knew()
    {
        var search = new Slow();
        var context = bench.Context;
        await using var modelled = await SweepCoordinator.OpenAsync(
            "test", context with { Machines = context.Machines with { Search = _ => search } }, default);
        search.Fitted.Set();
        var first = Assert.Single((await modelled.SendAsync(new RequestWork("node", 1, []), default)).Assignments);
        search.Fitted.Reset();
        using var leave = new CancellationTokenSource();
        var left = modelled.SendAsync(new RequestWork("left", 1, []), leave.Token);
        await search.Fitting.WaitAsync();
        var asked = modelled.SendAsync(new RequestWork("next", 3, []), default);

        var verdict = await modelled.SendAsync(Report(first.Run, 1), default).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(Verdict.Pause, verdict.Verdict);
        Assert.False(asked.IsCompleted);
        await leave.CancelAsync();
        search.Fitted.Set();

        Assert.Equal(1, Assert.Single((await asked).Assignments).Run);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Assert.DoesNotContain(store.Events, logged => logged.Event is RunAssigned { Node: "left" });
        var created = Assert.Single(store.Events, logged => logged.Event is RunCreated { Run: 1 });
        var seen = ((RunCreated)created.Event).Seen;
        Assert.Equal(store.Events.First(logged => logged.Event is RunAssigned).Seq, seen);
    }

    [Fact]
    public async Task What_a_gaussian_process_proposed_can_be_proposed_again_from_the_log()
    {
        const string file = """
            name: modelled
            method: bayes
            metric: {name: val_loss, goal: minimize}
            seed: 7
            run_cap: 16
            epochs: 1
            parameters:
              x: {min: 0.0, max: 1.0}
              y: {min: 0.0, max: 1.0}
            """;
        var log = new MemoryStore();
        using var modelled = new Bench(log, file);
        await modelled.CreateAsync();
        await using var live = await SweepCoordinator.OpenAsync("test", modelled.Context, default);
        var held = new Queue<Assignment>();
        while (log.Events[^1].Event is not SweepEnded)
        {
            if (held.Count < 3 && (await live.SendAsync(new RequestWork($"node-{log.Events.Count}", 1, []), default)).Assignments is [var more])
            {
                held.Enqueue(more);
                continue;
            }
            var work = held.Dequeue();
            var loss = Math.Abs(work.Configuration["x"]!.AsDouble()!.Value - 0.3) + work.Configuration["y"]!.AsDouble()!.Value;
            await live.SendAsync(new ReportEpoch(log.Events.Select(logged => logged.Event).OfType<RunAssigned>().Last(one => one.Run == work.Run).Node,
                work.Run, work.Generation, 1, new Dictionary<string, double> { ["val_loss"] = loss }, 0.1), default);
        }

        var created = log.Events.Select(logged => logged.Event).OfType<RunCreated>().ToList();
        Assert.Equal(16, created.Count);
        foreach (var run in created)
        {
            var machines = modelled.Context.Machines;
            var machine = machines.Empty();
            foreach (var logged in log.Events.Take((int)run.Seen!.Value))
                machine.Apply(logged);
            Assert.Equal(run.Configuration, machines.Search(machine.State.Spec).Propose(run.Proposal!.Value, 0, new History(machine.State))!.Configuration);
        }
    }

    /// <summary>Proposes n = 0, 1, 2 … when the fit of its model has ended.</summary>
    private sealed class Slow : ISearch
    {
        public ManualResetEventSlim Fitted { get; } = new();

        public SemaphoreSlim Fitting { get; } = new(0);

        public long? Size => null;

        public bool FitsModel => true;

        public Suggestion? Propose(int index, int attempt, IHistory history)
        {
            if (index > 0)
                Fitting.Release();
            Fitted.Wait();
            return new Suggestion(new Configuration([new("lr", new Value.Number(index))]));
        }
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

    private Task<WorkReply> Ask(string node) => coordinator.SendAsync(new RequestWork(node, 1, []), default);

    private static ReportEpoch Report(int run, int epoch) =>
        new("node", run, 1, epoch, new Dictionary<string, double> { ["val_loss"] = 0.5 }, 0.1);
}
