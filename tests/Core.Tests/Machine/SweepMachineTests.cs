using Core.Tests.Support;
using Sweeps.Core;

namespace Core.Tests.Machine;

public class SweepMachineTests
{
    [Fact]
    public void Without_early_stopping_every_run_trains_to_its_last_epoch_and_the_sweep_ends()
    {
        var bench = new MachineBench(MachineBench.Spec() with { RunCap = 2, Epochs = 2 });
        for (var run = 0; run < 2; run++)
        {
            var work = bench.One();
            Assert.Equal((run, 1, 0, 2), (work.Run, work.Generation, work.RecordedEpoch, work.UntilEpoch));
            Assert.Equal([2], work.WaitAt);
            Assert.Equal(Verdict.Continue, bench.Report(work, 1, 0.5).Verdict);
            Assert.Equal(Verdict.Stop, bench.Report(work, 2, 0.4 - run).Verdict);
        }
        Assert.Equal(SweepStatus.Ended, bench.State.Status);
        Assert.Equal(1, bench.State.Best?.Number);
        Assert.True(bench.Ask("a", 1).Done);
    }

    [Fact]
    public void Asha_by_promotion_follows_the_worked_trace_of_the_paper()
    {
        double[] a = [.50, .40, .60, .30, .45, .70, .20, .55, .35];
        var bench = new MachineBench(MachineBench.Spec(MachineBench.Asha(1, 9, 3)) with { RunCap = 9 });
        var trace = Trace(bench, 2, (run, epoch) => a[run] + ((9 - epoch) / 100.0));
        Assert.Equal("0/1* 2/1* 3/1* 3/2 3/3* 6/1* 7/1* 6/4 6/5 6/6 6/7 6/8 6/9!", trace[0]);
        Assert.Equal("1/1* 1/2 1/3* 4/1* 5/1* 6/2 6/3* 8/1* 8/2 8/3*", trace[1]);
        Assert.Equal(SweepStatus.Ended, bench.State.Status);
    }

    [Fact]
    public void A_repeated_report_gets_the_recorded_verdict_and_records_nothing()
    {
        var bench = new MachineBench(MachineBench.Spec(MachineBench.Asha(1, 9, 3)));
        var work = bench.One();
        Assert.Equal(Verdict.Pause, bench.Report(work, 1, 0.5).Verdict);
        var before = bench.Log.Count;
        Assert.Equal(Verdict.Pause, bench.Report(work, 1, 0.5).Verdict);
        Assert.Equal(before, bench.Log.Count);
    }

    [Fact]
    public void A_gap_is_refused_and_changes_nothing()
    {
        var bench = new MachineBench(MachineBench.Spec());
        var work = bench.One();
        var before = bench.Log.Count;
        Assert.Throws<RefusedReportException>(() => bench.Report(work, 2, 0.5));
        Assert.Equal(before, bench.Log.Count);
    }

    [Fact]
    public void An_unreported_run_is_lost_after_the_lease_and_resumed_ahead_of_new_work_under_the_next_generation()
    {
        var bench = new MachineBench(MachineBench.Spec());
        var first = bench.One("a");
        bench.Report(first, 1, 0.5);
        bench.Listen(TimeSpan.FromSeconds(4));
        Assert.Equal(1, bench.One("b").Run);
        bench.At += TimeSpan.FromSeconds(0.001);
        var again = bench.One("b");
        Assert.Equal((0, 2, 1), (again.Run, again.Generation, again.RecordedEpoch));
        Assert.Equal(Verdict.Abandon, bench.Report(first, 2, 0.4).Verdict);
        Assert.Equal([new RunLease(0, 1)], bench.Ask("a", 0, new RunLease(0, 1)).Abandon);
    }

    [Fact]
    public void A_lost_run_that_nobody_has_taken_over_yet_may_report_no_more()
    {
        var bench = new MachineBench(MachineBench.Spec());
        var work = bench.One();
        bench.Report(work, 1, 0.5);
        bench.Send(new LoseNode("a"));
        Assert.Equal(Verdict.Abandon, bench.Report(work, 1, 0.5).Verdict);
        Assert.Equal(Verdict.Abandon, bench.Report(work, 2, 0.5).Verdict);
        Assert.Equal(1, bench.State.EpochsRecorded);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_assignment_whose_reply_was_lost_is_said_again_to_the_same_node_and_to_nobody_else(bool restarted)
    {
        var bench = new MachineBench(MachineBench.Spec());
        var lost = Assert.Single(bench.Ask("a", 1).Assignments);
        if (restarted)
            bench.Restart();
        Assert.Equal(1, bench.One("b").Run);

        var again = Assert.Single(bench.Ask("a", 1).Assignments);

        Assert.Equal((lost.Run, lost.Generation, lost.RecordedEpoch, lost.UntilEpoch), (again.Run, again.Generation, again.RecordedEpoch, again.UntilEpoch));
        Assert.Equal(lost.WaitAt, again.WaitAt);
        Assert.Equal(2, bench.Events<RunAssigned>().Count());
        Assert.Equal(2, bench.One("a").Run);
    }

    [Fact]
    public void An_assignment_said_again_and_again_to_a_node_that_never_mentions_it_is_lost_after_the_lease()
    {
        var bench = new MachineBench(MachineBench.Spec());
        bench.Ask("a", 1);
        for (var second = 1; second <= 5; second++)
        {
            bench.At += TimeSpan.FromSeconds(1);
            bench.Ask("a", 1);
        }
        Assert.Equal(0, Assert.Single(bench.Events<RunLost>()).Run);
    }

    [Fact]
    public void A_run_that_its_node_has_mentioned_is_not_said_again_when_the_node_forgets_it()
    {
        var bench = new MachineBench(MachineBench.Spec());
        var work = Assert.Single(bench.Ask("a", 1).Assignments);
        bench.Ask("a", 0, new RunLease(work.Run, work.Generation));
        Assert.Equal(1, Assert.Single(bench.Ask("a", 1).Assignments).Run);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_coordinator_that_was_restarted_or_stood_still_gives_running_runs_one_lease_time_of_grace(bool restarted)
    {
        var bench = new MachineBench(MachineBench.Spec());
        bench.One();
        bench.At += TimeSpan.FromHours(1);
        if (restarted)
            bench.Restart();
        bench.Send(new Tick());
        bench.Listen(TimeSpan.FromSeconds(4));
        Assert.Empty(bench.Events<RunLost>());
        bench.Listen(TimeSpan.FromSeconds(1));
        Assert.Single(bench.Events<RunLost>());
    }

    [Fact]
    public void Epochs_trained_again_after_a_loss_are_counted_as_waste()
    {
        var bench = new MachineBench(MachineBench.Spec());
        var first = bench.One();
        for (var epoch = 1; epoch <= 3; epoch++)
            bench.Report(first, epoch, 0.5);
        bench.Send(new LoseNode("a"));
        var again = bench.One();
        Assert.Equal(Verdict.Continue, bench.Report(again, 2, 0.5).Verdict);
        Assert.Equal(Verdict.Continue, bench.Report(again, 3, 0.5).Verdict);
        Assert.Equal(Verdict.Continue, bench.Report(again, 4, 0.5).Verdict);
        Assert.Equal(2, bench.State.EpochsWasted);
        Assert.Equal(4, bench.State.EpochsRecorded);
    }

    /// <summary>Workers alternate: each requests work if idle and trains one epoch. In the trace * is paused and ! finished.</summary>
    private static string[] Trace(MachineBench bench, int workers, Func<int, int, double> value)
    {
        var jobs = new (Assignment? Work, int Epoch)[workers];
        var traces = Enumerable.Range(0, workers).Select(_ => new List<string>()).ToArray();
        while (bench.State.Status != SweepStatus.Ended)
        {
            for (var worker = 0; worker < workers; worker++)
            {
                if (jobs[worker].Work is null && bench.Ask($"w{worker}", 1).Assignments is [var fresh])
                    jobs[worker] = (fresh, fresh.RecordedEpoch);
                if (jobs[worker].Work is not { } work)
                    continue;
                var epoch = ++jobs[worker].Epoch;
                var verdict = bench.Report(work, epoch, value(work.Run, epoch)).Verdict;
                traces[worker].Add($"{work.Run}/{epoch}{verdict switch { Verdict.Pause => "*", Verdict.Stop => "!", _ => "" }}");
                if (verdict != Verdict.Continue)
                    jobs[worker].Work = null;
            }
        }
        return Array.ConvertAll(traces, trace => string.Join(' ', trace));
    }
}
