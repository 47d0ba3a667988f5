using Core.Tests.Support;
using Sweeps.Core;
using Sweeps.Core.Rules;

namespace Core.Tests.Machine;

public class WhyTests
{
    [Fact]
    public void A_run_that_waits_at_a_rung_is_told_its_rank_the_cutoff_and_what_was_missing()
    {
        var spec = MachineBench.Spec(MachineBench.Asha(1, 9, 3)) with { RunCap = 4 };
        var bench = new MachineBench(spec);
        double[] values = [.3, .2, .5, .4];
        foreach (var work in bench.Ask("a", 4).Assignments)
            bench.Report(work, 1, values[work.Run]);
        var decisions = Why.Explain(bench.Log, 3, _ => spec);
        Assert.Equal("Created: n=3.", decisions[0].Text);
        Assert.Equal("Given to a to train epoch 1.", decisions[1].Text);
        Assert.Equal("Waits at rung 1: loss 0.4, rank 3 of 4, of which the best 1 go on, cutoff 0.2, waits to be promoted.", decisions[2].Text);
        Assert.Equal("loss of 0.2 or less would have gone on: 0.2 were missing.", decisions[2].ToGoOn);
    }

    [Fact]
    public void A_run_that_went_on_at_a_rung_is_told_so_although_the_log_has_no_event_for_it()
    {
        var spec = MachineBench.Spec(new AshaStoppingSpec(1, 9, 3, AshaComparison.Optuna));
        var bench = new MachineBench(spec);
        var (first, second) = (bench.One(), bench.One());
        bench.Report(first, 1, .5);
        bench.Report(second, 1, .6);
        Assert.Contains(Why.Explain(bench.Log, 0, _ => spec), decision => decision.Text.StartsWith("Went on at rung 1: loss 0.5, rank 1 of 1", StringComparison.Ordinal));
        var stopped = Why.Explain(bench.Log, 1, _ => spec)[^1];
        Assert.StartsWith("Stopped by asha_stopping: loss 0.6, rank 2 of 2, cutoff 0.5", stopped.Text, StringComparison.Ordinal);
        Assert.Equal("loss of 0.5 or less would have gone on: 0.1 were missing.", stopped.ToGoOn);
    }

    [Fact]
    public void Losses_people_and_the_end_of_the_sweep_are_told_too()
    {
        var bench = new MachineBench(MachineBench.Spec());
        bench.One();
        bench.Send(new LoseNode("a"));
        bench.Steer(new SteerAction.PinRun(0));
        bench.Steer(new SteerAction.Cancel());
        var texts = Why.Explain(bench.Log, 0, _ => MachineBench.Spec()).Select(decision => decision.Text).ToList();
        Assert.Contains("Lost by a (the node is dead); it goes on from its last checkpoint.", texts);
        Assert.Contains("Pinned by ann: no rule stops it.", texts);
        Assert.StartsWith("The sweep ended while it was queued: cancelled by ann", texts[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Who_enqueued_a_run_and_why_and_who_let_it_go_on_are_told()
    {
        var spec = MachineBench.Spec() with { RunCap = 2, Enqueue = [new Configuration([new("n", new Value.Integer(5))])] };
        var bench = new MachineBench(spec);
        bench.Send(new Steer(new SweepSteered("ann", "a hunch", new SteerAction.Enqueue(new Configuration([new("n", new Value.Integer(77))])))));
        bench.Ask("a", 2);
        bench.Send(new ReleaseRun("a", 1, 1));
        bench.Steer(new SteerAction.Stop());
        bench.Steer(new SteerAction.Resume());

        Assert.Equal("Created, enqueued by the sweep file: n=5.", Why.Explain(bench.Log, 0, _ => spec)[0].Text);
        var second = Why.Explain(bench.Log, 1, _ => spec).Select(decision => decision.Text).ToList();
        Assert.Equal("Created, enqueued by ann (a hunch): n=77.", second[0]);
        Assert.Equal(["Stopped: ann stopped the sweep.", "Reopened: ann resumed the sweep."], second[^2..]);
    }

    [Fact]
    public void A_run_that_is_not_in_the_log_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Why.Explain(new MachineBench(MachineBench.Spec()).Log, 0, _ => MachineBench.Spec()));
}
