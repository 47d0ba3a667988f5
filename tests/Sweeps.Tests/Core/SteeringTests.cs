using Sweeps.Core;
using Sweeps.Core.Rules;

namespace Sweeps.Tests.Core;

public class SteeringTests
{
    private static readonly RuleSpec R9 = MachineBench.Asha(1, 9, 3);

    [Fact]
    public void A_run_that_ended_by_itself_does_not_go_on_after_an_extension()
    {
        var bench = new MachineBench(MachineBench.Spec() with { RunCap = 1 });
        var work = bench.One();
        bench.Send(new ReportEpoch(bench.At, "a", work.Run, work.Generation, 1, new Dictionary<string, double> { ["loss"] = 0.5 }, 1, Last: true));
        Assert.Equal(SweepStatus.Ended, bench.State.Status);
        bench.Texts["more"] = MachineBench.Spec() with { RunCap = 2 };

        Assert.True(bench.Steer(new SteerAction.Change("more")).Accepted);

        Assert.Equal(RunState.Finished, bench.State.Runs[0].State);
        Assert.Equal(1, bench.One().Run);
    }

    [Fact]
    public void A_paused_sweep_starts_nothing_but_judges_what_runs()
    {
        var bench = new MachineBench(MachineBench.Spec());
        var work = bench.One();
        Assert.True(bench.Steer(new SteerAction.Pause()).Accepted);
        Assert.Empty(bench.Ask("b", 1).Assignments);
        Assert.Equal(Verdict.Continue, bench.Report(work, 1, 0.5).Verdict);
        Assert.True(bench.Steer(new SteerAction.Resume()).Accepted);
        Assert.Equal(1, bench.One("b").Run);
    }

    [Fact]
    public void A_stopped_sweep_ends_when_what_runs_has_finished()
    {
        var bench = new MachineBench(MachineBench.Spec() with { Epochs = 1 });
        var work = bench.One();
        bench.Steer(new SteerAction.Stop());
        Assert.Empty(bench.Ask("b", 1).Assignments);
        Assert.Equal(SweepStatus.Stopping, bench.State.Status);
        bench.Report(work, 1, 0.5);
        Assert.Equal((SweepStatus.Ended, SweepOutcome.Stopped), (bench.State.Status, bench.State.Outcome));
    }

    [Fact]
    public void A_cancelled_sweep_ends_at_once_and_its_nodes_drop_what_they_run()
    {
        var bench = new MachineBench(MachineBench.Spec());
        var work = bench.One();
        bench.Steer(new SteerAction.Cancel());
        var answer = bench.Ask("a", 1, new RunLease(work.Run, work.Generation));
        Assert.True(answer.Done);
        Assert.Equal([new RunLease(work.Run, work.Generation)], answer.Abandon);
        Assert.Equal(Verdict.Stop, bench.Report(work, 1, 0.5).Verdict);
        Assert.Equal(0, bench.State.EpochsRecorded);
    }

    [Fact]
    public void A_pinned_run_trains_to_its_last_epoch_whatever_the_rules_say()
    {
        var bench = new MachineBench(MachineBench.Spec(R9, new PatienceSpec(1, 0)) with { RunCap = 1 });
        var work = bench.One();
        Assert.True(bench.Steer(new SteerAction.PinRun(0)).Accepted);
        for (var epoch = 1; epoch <= 9; epoch++)
            if (bench.Report(work, epoch, epoch).Verdict == Verdict.Pause)
                work = bench.One();
        Assert.Equal(RunState.Finished, bench.State.Runs[0].State);
    }

    [Fact]
    public void A_person_stops_a_running_run_and_its_node_learns_it_with_the_next_report()
    {
        var bench = new MachineBench(MachineBench.Spec());
        var work = bench.One();
        Assert.True(bench.Steer(new SteerAction.StopRun(0)).Accepted);
        Assert.Equal(Verdict.Stop, bench.Report(work, 1, 0.5).Verdict);
        Assert.False(bench.Steer(new SteerAction.StopRun(0)).Accepted);
    }

    [Fact]
    public void A_person_promotes_a_run_that_waits_at_a_rung()
    {
        var bench = new MachineBench(MachineBench.Spec(R9));
        bench.Report(bench.One(), 1, 0.5);
        Assert.True(bench.Steer(new SteerAction.PromoteRun(0)).Accepted);
        var work = bench.One();
        Assert.Equal((0, 2, 3), (work.Run, work.Generation, work.UntilEpoch));
    }

    [Fact]
    public void An_enqueued_configuration_is_the_next_new_run_and_leaves_the_search_where_it_was()
    {
        var bench = new MachineBench(MachineBench.Spec());
        bench.One();
        Assert.True(bench.Steer(new SteerAction.Enqueue(new Configuration([new("n", new Value.Integer(77))]))).Accepted);
        Assert.Equal("n=77", bench.One().Configuration.ToString());
        Assert.Equal("n=1", bench.One().Configuration.ToString());
        Assert.False(bench.Steer(new SteerAction.Enqueue(new Configuration([new("n", new Value.Integer(77))]))).Accepted);
    }

    [Fact]
    public void A_refused_action_changes_nothing_and_says_why()
    {
        var bench = new MachineBench(MachineBench.Spec());
        var before = bench.Log.Count;
        Assert.Contains("no run 5", bench.Steer(new SteerAction.StopRun(5)).Message, StringComparison.Ordinal);
        Assert.Contains("running", bench.Steer(new SteerAction.Resume()).Message, StringComparison.Ordinal);
        bench.Texts["other"] = MachineBench.Spec() with { Objective = new Objective("accuracy", Goal.Maximize) };
        Assert.Contains("accuracy", bench.Steer(new SteerAction.Change("other")).Message, StringComparison.Ordinal);
        Assert.Equal(before, bench.Log.Count);
    }

    [Fact]
    public void A_finished_sweep_with_a_larger_R_goes_on_with_its_old_winners_from_their_checkpoints()
    {
        var bench = new MachineBench(MachineBench.Spec(R9) with { RunCap = 9, Epochs = 27, MaxEpochs = 27 });
        Train(bench);
        var winner = Assert.Single(bench.State.Runs, run => run.State == RunState.Finished);
        Assert.Equal(9, winner.Epoch);
        bench.Texts["longer"] = MachineBench.Spec(MachineBench.Asha(1, 27, 3)) with { RunCap = 27, Epochs = 27, MaxEpochs = 27 };
        Assert.True(bench.Steer(new SteerAction.Change("longer")).Accepted);
        Assert.Equal((SweepStatus.Running, RunState.Paused), (bench.State.Status, winner.State));
        Train(bench);
        Assert.Equal(27, bench.State.Runs.Count);
        Assert.Equal(27, bench.State.Best?.Epoch);
        Assert.Contains(bench.Events<RunAssigned>(), assigned => assigned.Run == winner.Number && assigned.UntilEpoch == 27);
    }

    [Fact]
    public void Another_eta_re_sorts_what_waits_into_the_new_rungs()
    {
        var bench = new MachineBench(MachineBench.Spec(R9) with { RunCap = 9 });
        Train(bench);
        bench.Texts["eta 2"] = MachineBench.Spec(MachineBench.Asha(1, 9, 2)) with { RunCap = 9 };
        Assert.True(bench.Steer(new SteerAction.Change("eta 2")).Accepted);
        Train(bench);
        Assert.Equal([1, 2, 4, 8], bench.State.Rungs.Select(rung => rung.Epoch));
        Assert.All(bench.State.Rungs, rung => Assert.True(rung.Promoted >= rung.Arrived / 2, rung.ToString()));
    }

    /// <summary>One slot trains until there is no more to do; run n's loss falls towards n.</summary>
    private static void Train(MachineBench bench)
    {
        while (bench.Ask("a", 1).Assignments is [var work])
            for (var epoch = work.RecordedEpoch + 1; bench.Report(work, epoch, work.Run + (1.0 / epoch)).Verdict == Verdict.Continue; epoch++)
                Assert.InRange(epoch, 1, 100);
    }
}
