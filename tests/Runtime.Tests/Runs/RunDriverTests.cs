using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Runtime.Tests.Support;
using Sweeps.Coordination;
using Sweeps.Core;
using Sweeps.Log;
using Sweeps.Nodes;
using Sweeps.Runs;
using Sweeps.Telemetry;
using Sweeps.Training;

namespace Runtime.Tests.Runs;

public sealed class RunDriverTests : IDisposable
{
    private readonly MemoryStore store = new();
    private readonly ScriptedCoordinator coordinator = new();
    private readonly SweepMetrics metrics = new();
    private readonly SlotPool slots = new(1);
    private TimeProvider time = TimeProvider.System;

    [Fact]
    public async Task A_checkpoint_is_written_before_the_report_of_an_epoch_that_waits()
    {
        var saved = new List<int?>();
        coordinator.Verdict = report =>
        {
            saved.Add(store.LoadAsync("test", 0, default).Result?.Epoch);
            return report.Epoch == 4 ? Verdict.Pause : Verdict.Continue;
        };

        Assert.Equal(RunOutcome.Paused, await RunAsync(Work(1, 0, 4, 2, 4), new FakeTrainable()));

        Assert.Equal([1, 2, 3, 4], coordinator.Epochs);
        Assert.Equal(2, saved[1]);
        Assert.Equal(4, saved[3]);
    }

    [Fact]
    public async Task Epochs_between_rungs_are_trained_without_waiting_but_never_past_the_next_rung()
    {
        using var answer = new ManualResetEventSlim();
        var (reached, reported) = (new TaskCompletionSource(), new TaskCompletionSource());
        var furthest = 0;
        coordinator.Verdict = report =>
        {
            reported.TrySetResult();
            answer.Wait();
            return report.Epoch == 6 ? Verdict.Stop : Verdict.Continue;
        };
        var trainable = new FakeTrainable
        {
            OnBatch = (epoch, batch) =>
            {
                furthest = epoch;
                if (epoch == 4 && batch == 3)
                    reached.TrySetResult();
            },
        };

        var running = RunAsync(Work(1, 0, 6, 4, 6), trainable);
        await Task.WhenAll(reached.Task, reported.Task);
        Assert.Equal([1], coordinator.Epochs);
        answer.Set();

        Assert.Equal(RunOutcome.Stopped, await running);
        Assert.Equal(6, furthest);
        Assert.Equal([1, 2, 3, 4, 5, 6], coordinator.Epochs);
    }

    [Theory]
    [InlineData(Verdict.Stop, RunOutcome.Stopped)]
    [InlineData(Verdict.Abandon, RunOutcome.Abandoned)]
    public async Task A_late_verdict_ends_training_within_a_batch(Verdict verdict, RunOutcome expected)
    {
        using var training = new ManualResetEventSlim();
        var after = new List<(int, int)>();
        coordinator.Verdict = report =>
        {
            training.Wait();
            return verdict;
        };
        var trainable = new FakeTrainable
        {
            Holds = (2, 1),
            OnBatch = (epoch, batch) =>
            {
                if ((epoch, batch) == (2, 1))
                    training.Set();
                if (training.IsSet)
                    after.Add((epoch, batch));
            },
        };

        Assert.Equal(expected, await RunAsync(Work(1, 0, 100, 100), trainable));

        Assert.Equal([(2, 1)], after);
        Assert.Equal([1], coordinator.Epochs);
        Assert.Empty(coordinator.Others);
    }

    [Fact]
    public async Task Epochs_that_the_checkpoint_has_and_the_log_has_not_are_reported_again_and_not_trained_again()
    {
        coordinator.Verdict = report => report.Epoch == 3 ? Verdict.Pause : Verdict.Continue;
        Assert.Equal(RunOutcome.Paused, await RunAsync(Work(1, 0, 3, 3), new FakeTrainable()));
        var first = coordinator.Reports.ToList();
        coordinator.Reports.Clear();
        var trained = new List<int>();
        coordinator.Verdict = report => report.Epoch == 4 ? Verdict.Stop : Verdict.Continue;

        var outcome = await RunAsync(Work(2, 1, 4, 3, 4), new FakeTrainable { OnBatch = (epoch, _) => trained.Add(epoch) });

        Assert.Equal(RunOutcome.Stopped, outcome);
        Assert.Equal([2, 3, 4], coordinator.Epochs);
        Assert.Equal([4, 4, 4, 4], trained);
        Assert.Equal(first[1].Metrics["val_loss"], coordinator.Reports[0].Metrics["val_loss"]);
        Assert.Equal(first[2].Metrics["val_loss"], coordinator.Reports[1].Metrics["val_loss"]);
    }

    [Fact]
    public async Task A_checkpoint_of_something_else_is_passed_over_and_the_run_starts_again()
    {
        await store.ClaimAsync("test", 0, 1, default);
        await store.SaveAsync("test", new StoredCheckpoint(0, 7, 1, new byte[] { 1, 2, 3 }), default);
        coordinator.Verdict = report => report.Epoch == 2 ? Verdict.Stop : Verdict.Continue;

        Assert.Equal(RunOutcome.Stopped, await RunAsync(Work(2, 0, 2, 2), new FakeTrainable()));

        Assert.Equal([1, 2], coordinator.Epochs);
    }

    [Fact]
    public async Task The_recorded_verdict_of_an_epoch_that_is_trained_again_is_not_acted_on()
    {
        coordinator.Verdict = report => report.Epoch switch { 1 => Verdict.Pause, 3 => Verdict.Stop, _ => Verdict.Continue };

        Assert.Equal(RunOutcome.Stopped, await RunAsync(Work(2, 1, 3, 3), new FakeTrainable()));

        Assert.Equal([1, 2, 3], coordinator.Epochs);
    }

    [Fact]
    public async Task An_older_generation_trains_nothing()
    {
        await store.ClaimAsync("test", 0, 3, default);

        Assert.Equal(RunOutcome.Abandoned, await RunAsync(Work(2, 0, 3, 3), new FakeTrainable()));

        Assert.Empty(coordinator.Reports);
        Assert.Empty(coordinator.Others);
    }

    [Fact]
    public async Task A_first_assignment_that_starts_late_writes_no_checkpoint_over_its_successor()
    {
        await store.ClaimAsync("test", 0, 2, default);

        Assert.Equal(RunOutcome.Abandoned, await RunAsync(Work(1, 0, 1, 1), new FakeTrainable()));

        Assert.Null(await store.LoadAsync("test", 0, default));
        Assert.Empty(coordinator.Others);
    }

    [Fact]
    public async Task A_generation_that_is_lost_while_it_trains_writes_nothing_more()
    {
        var trainable = new FakeTrainable
        {
            OnBatch = (epoch, batch) =>
            {
                if ((epoch, batch) == (3, 0))
                    store.ClaimAsync("test", 0, 9, default);
            },
        };

        Assert.Equal(RunOutcome.Abandoned, await RunAsync(Work(1, 0, 3, 3), trainable));

        Assert.DoesNotContain(3, coordinator.Epochs);
        Assert.Empty(coordinator.Others);
    }

    [Fact]
    public async Task A_configuration_that_cannot_be_trained_fails_for_good_and_an_error_does_not()
    {
        Assert.Equal(RunOutcome.Failed, await RunAsync(Work(1, 0, 3, 3), new FakeTrainable { Refuses = _ => true }));
        Assert.Equal(RunOutcome.Failed, await RunAsync(Work(1, 0, 3, 3), new FakeTrainable { OnBatch = (_, _) => throw new IOException("broken") }));

        var failures = coordinator.Others.Cast<FailRun>().ToList();
        Assert.True(failures[0].Permanent);
        Assert.Equal("This rate is too small.", failures[0].Error);
        Assert.False(failures[1].Permanent);
        Assert.Equal("broken", failures[1].Error);
    }

    [Fact]
    public async Task A_coordinator_that_cannot_be_reached_gets_every_report_once_it_is_back()
    {
        var away = 5;
        coordinator.Verdict = report => Interlocked.Decrement(ref away) >= 0
            ? throw new TimeoutException("away")
            : report.Epoch == 3 ? Verdict.Stop : Verdict.Continue;

        Assert.Equal(RunOutcome.Stopped, await RunAsync(Work(1, 0, 3, 3), new FakeTrainable()));

        Assert.Equal([1, 1, 1, 1, 1, 1, 2, 3], coordinator.Epochs);
    }

    [Fact]
    public async Task A_drained_run_is_given_back_in_the_middle_of_its_epoch_and_goes_on_there()
    {
        using var drain = new CancellationTokenSource();
        var trainable = new FakeTrainable
        {
            OnBatch = (epoch, batch) =>
            {
                if ((epoch, batch) == (2, 2))
                    drain.Cancel();
            },
        };
        Assert.Equal(RunOutcome.Released, await RunAsync(Work(1, 0, 3, 3), trainable, drain.Token));
        Assert.IsType<ReleaseRun>(Assert.Single(coordinator.Others));
        var batches = new List<(int, int)>();
        coordinator.Verdict = report => report.Epoch == 3 ? Verdict.Stop : Verdict.Continue;

        await RunAsync(Work(2, 1, 3, 3), new FakeTrainable { OnBatch = (epoch, batch) => batches.Add((epoch, batch)) });

        Assert.Equal([(2, 2), (2, 3), (3, 0), (3, 1), (3, 2), (3, 3)], batches);
    }

    [Fact]
    public async Task A_drain_that_takes_too_long_by_the_given_clock_gives_up_the_open_reports()
    {
        var (clock, drained) = (new FakeTimeProvider(), new TaskCompletionSource());
        time = clock;
        using var drain = new CancellationTokenSource();
        coordinator.Verdict = _ => throw new TimeoutException("away");
        var trainable = new FakeTrainable
        {
            OnBatch = (epoch, batch) =>
            {
                if ((epoch, batch) != (2, 2))
                    return;
                drain.Cancel();
                drained.SetResult();
            },
        };

        var running = RunAsync(Work(1, 0, 3, 3), trainable, drain.Token);
        await drained.Task;
        for (var minute = 0; minute <= 60; minute++)
            clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(RunOutcome.Abandoned, await running.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task A_store_that_fails_as_the_drain_comes_is_no_failure_of_the_run()
    {
        using var drain = new CancellationTokenSource();
        store.BeforeSave = () =>
        {
            store.BeforeSave = null;
            drain.Cancel();
            throw new IOException("Connection reset by peer");
        };

        Assert.Equal(RunOutcome.Released, await RunAsync(Work(1, 0, 3, 1, 3), new FakeTrainable(), drain.Token));

        Assert.IsType<ReleaseRun>(Assert.Single(coordinator.Others));
        Assert.Equal(1, (await store.LoadAsync("test", 0, default))?.Epoch);
    }

    [Fact]
    public async Task A_refused_report_that_nobody_awaits_ends_the_assignment_with_its_reason()
    {
        coordinator.Verdict = report => report.Epoch == 2 ? throw new RefusedReportException("The log has no such assignment.") : Verdict.Continue;
        var trainable = new FakeTrainable { Holds = (4, 0) };

        Assert.Equal(RunOutcome.Failed, await RunAsync(Work(1, 0, 9, 9), trainable));

        Assert.Equal("The log has no such assignment.", Assert.IsType<FailRun>(Assert.Single(coordinator.Others)).Error);
        Assert.Equal([1, 2], coordinator.Epochs);
    }

    [Fact]
    public async Task A_report_that_the_log_cannot_store_ends_the_assignment_with_its_reason()
    {
        coordinator.Verdict = report => report.Epoch == 2 ? throw new EventRefusedException("test", "a null character", new InvalidOperationException()) : Verdict.Continue;

        Assert.Equal(RunOutcome.Failed, await RunAsync(Work(1, 0, 3, 3), new FakeTrainable()));

        Assert.Contains("a null character", Assert.IsType<FailRun>(Assert.Single(coordinator.Others)).Error, StringComparison.Ordinal);
        Assert.Single(coordinator.Reports, report => report.Epoch == 2);
    }

    [Fact]
    public void A_damaged_header_of_a_checkpoint_is_reported_as_damaged_whatever_its_bytes_are()
    {
        using var session = new FakeTrainable().Start(new Configuration([new("lr", new Value.Number(0.5))]), 1);
        var history = new[] { new EpochReport(1, new Dictionary<string, double> { ["val_loss"] = 0.5 }, 1, "it diverged") };
        var bytes = RunCheckpoint.Encode(1, 1, history, session);
        for (var i = 0; i < bytes.Length; i++)
            foreach (var damage in (byte[])[0x01, 0x40, 0x80, 0xff])
            {
                var damaged = (byte[])bytes.Clone();
                damaged[i] ^= damage;
                try
                {
                    RunCheckpoint.Decode(damaged);
                }
                catch (InvalidDataException)
                {
                }
            }
    }

    [Fact]
    public async Task A_store_that_never_takes_a_checkpoint_ends_the_assignment_with_its_reason()
    {
        store.BeforeSave = () => throw new IOException("permission denied");

        Assert.Equal(RunOutcome.Failed, await RunAsync(Work(1, 0, 3, 1, 3), new FakeTrainable()));

        var failure = Assert.IsType<FailRun>(Assert.Single(coordinator.Others));
        Assert.Equal("The checkpoint store refuses the run: permission denied", failure.Error);
        Assert.False(failure.Permanent);
    }

    [Fact]
    public async Task The_weights_of_the_best_epoch_are_kept_and_evaluated_and_trained_again_when_they_are_lost()
    {
        coordinator.Verdict = report => report.Epoch == 9 ? Verdict.Stop : Verdict.Continue;
        Assert.Equal(RunOutcome.Stopped, await RunAsync(Work(1, 0, 9, 9), new FakeTrainable()));
        var best = coordinator.Reports.MinBy(report => report.Metrics["val_loss"])!.Epoch;
        Assert.InRange(best, 2, 8);
        Assert.Equal(best, (await store.LoadBestAsync("test", 0, default))?.Epoch);

        var test = Work(1, 9, best) with { Test = true };
        Assert.Equal(RunOutcome.Stopped, await RunAsync(test, new FakeTrainable()));
        await store.DeleteAsync("test", [0], default);
        Assert.Equal(RunOutcome.Stopped, await RunAsync(test, new FakeTrainable()));

        var recorded = coordinator.Others.Cast<RecordTest>().ToList();
        Assert.Equal(2, recorded.Count);
        Assert.All(recorded, one => Assert.Equal((best, null), (one.Epoch, one.Error)));
        Assert.Equal(recorded[0].Metrics["test_loss"], recorded[1].Metrics["test_loss"]);
        Assert.Equal(best, (await store.LoadBestAsync("test", 0, default))?.Epoch);
    }

    [Fact]
    public async Task A_run_that_has_to_start_again_says_why_with_the_epochs_that_are_in_the_log()
    {
        await store.SaveAsync("test", new StoredCheckpoint(0, 2, 1, new byte[] { 1 }), default);
        coordinator.Verdict = report => report.Epoch == 3 ? Verdict.Stop : Verdict.Continue;

        Assert.Equal(RunOutcome.Stopped, await RunAsync(Work(2, 2, 3, 3), new FakeTrainable()));

        Assert.Equal([true, true, false], coordinator.Reports.Select(report => report.Restarted is not null));
    }

    public void Dispose()
    {
        slots.Dispose();
        metrics.Dispose();
    }

    private static Assignment Work(int generation, int recorded, int until, params int[] waitAt) =>
        new(0, generation, new Configuration([new("lr", new Value.Number(0.5))]), 11, recorded, until, waitAt);

    private async Task<RunOutcome> RunAsync(Assignment assignment, FakeTrainable trainable, CancellationToken drain = default)
    {
        Assert.True(slots.TryReserve(out var slot));
        using (slot)
        {
            var context = new RunContext(
                "node", coordinator, store, trainable, new Objective("val_loss", Goal.Minimize), new CheckpointPolicy(1, null), time, metrics, NullLogger.Instance)
            {
                StoreAttempts = 3,
                DrainLimit = TimeSpan.FromHours(1),
            };
            using var driver = new RunDriver(context, assignment, slot);
            return await Task.Run(() => driver.RunAsync(drain));
        }
    }

    private sealed class ScriptedCoordinator : ISweepCoordinator
    {
        public Func<ReportEpoch, Verdict> Verdict { get; set; } = _ => default;

        public List<ReportEpoch> Reports { get; } = [];

        public List<Command> Others { get; } = [];

        public IEnumerable<int> Epochs => Reports.Select(report => report.Epoch);

        public string Sweep => "test";

        public async Task<TReply> SendAsync<TReply>(Command<TReply> command, CancellationToken cancel) where TReply : Reply
        {
            cancel.ThrowIfCancellationRequested();
            if ((Command)command is not ReportEpoch report)
            {
                Others.Add(command);
                return (TReply)(Reply)Acknowledged.Instance;
            }
            Reports.Add(report);
            var verdict = await Task.Run(() => Verdict(report), CancellationToken.None);
            return (TReply)(Reply)new VerdictReply(verdict, null);
        }

        public Task<IReadOnlyList<LoggedEvent>> EventsAsync(long afterSeq, int limit, CancellationToken cancel) =>
            Task.FromResult<IReadOnlyList<LoggedEvent>>([]);
    }
}
