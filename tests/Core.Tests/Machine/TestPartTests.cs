using Core.Tests.Support;
using Sweeps.Core;

namespace Core.Tests.Machine;

/// <summary>The evaluation of the best weights on the test part, which the machine assigns to a node.</summary>
public class TestPartTests
{
    private static readonly IReadOnlyDictionary<string, double> Metrics = new Dictionary<string, double> { ["test_loss"] = 0.5 };

    private readonly MachineBench bench = new(MachineBench.Spec() with { RunCap = 2, Epochs = 3, MaxEpochs = 3, Trainable = new TrainableSpec.Network("none") });

    [Fact]
    public void An_ended_sweep_has_its_best_weights_evaluated_once_on_one_node()
    {
        End();
        Assert.Equal(SweepStatus.Ended, bench.State.Status);

        var reply = bench.Ask("a", 2);
        var work = Assert.Single(reply.Assignments);
        Assert.Equal((1, 1, 2, true), (work.Run, work.Generation, work.UntilEpoch, work.Test));
        Assert.False(reply.Done);
        Assert.Empty(bench.Ask("b", 1).Assignments);
        Assert.Empty(bench.Ask("a", 1, Lease(work)).Abandon);

        bench.Send(new RecordTest(1, 2, Metrics));
        bench.Send(new RecordTest(1, 2, Metrics));

        Assert.Equal(2, Assert.Single(bench.Events<TestEvaluated>()).Epoch);
        reply = bench.Ask("a", 1, Lease(work));
        Assert.True(reply.Done);
        Assert.Equal([Lease(work)], reply.Abandon);
    }

    [Fact]
    public void A_node_that_does_not_mention_it_gets_it_again_and_after_the_lease_or_its_death_another_one_does()
    {
        End();
        Assert.Single(bench.Ask("a", 1).Assignments);
        var work = Assert.Single(bench.Ask("a", 1).Assignments);
        Assert.Empty(bench.Ask("b", 1).Assignments);

        bench.At += bench.Options.Lease + TimeSpan.FromSeconds(1);
        Assert.Single(bench.Ask("b", 1).Assignments);
        Assert.Equal([Lease(work)], bench.Ask("a", 0, Lease(work)).Abandon);

        bench.Send(new LoseNode("b"));
        Assert.Single(bench.Ask("c", 1).Assignments);
    }

    [Fact]
    public void A_restarted_coordinator_lets_the_node_that_evaluates_go_on()
    {
        End();
        var work = Assert.Single(bench.Ask("a", 1).Assignments);

        bench.Restart();

        Assert.Empty(bench.Ask("a", 1, Lease(work)).Abandon);
        Assert.Empty(bench.Ask("b", 1).Assignments);
    }

    [Fact]
    public void After_an_extension_only_a_new_best_epoch_is_evaluated_and_an_answer_about_the_old_one_is_dropped()
    {
        End();
        bench.Send(new RecordTest(1, 2, Metrics));
        bench.Texts["longer"] = MachineBench.Spec() with { RunCap = 2, Epochs = 4, MaxEpochs = 4, Trainable = new TrainableSpec.Network("none") };

        Assert.True(bench.Steer(new SteerAction.Change("longer")).Accepted);
        bench.Report(bench.One(), 4, 0.9);
        bench.Report(bench.One(), 4, 0.1);
        Assert.Equal(1, bench.State.Best!.Number);

        Assert.Equal(4, Assert.Single(bench.Ask("a", 1).Assignments).UntilEpoch);
        bench.Send(new RecordTest(1, 2, Metrics));
        Assert.Single(bench.Events<TestEvaluated>());
        bench.Send(new RecordTest(1, 4, Metrics));
        Assert.Equal(4, bench.State.Best.TestEpoch);
    }

    [Fact]
    public void What_cannot_be_evaluated_is_tried_three_times_and_then_recorded_with_its_reason()
    {
        End();
        for (var attempt = 0; attempt < 3; attempt++)
        {
            Assert.Single(bench.Ask("a", 1).Assignments);
            bench.Send(new RecordTest(1, 2, new Dictionary<string, double>(), "The data set is another one."));
        }

        Assert.Equal("The data set is another one.", Assert.Single(bench.Events<TestEvaluated>()).Error);
        Assert.True(bench.Ask("a", 1).Done);
    }

    [Fact]
    public void A_cancelled_sweep_and_one_that_trains_no_networks_have_nothing_to_evaluate()
    {
        bench.Report(bench.One(), 1, 0.5);
        Assert.Contains("has not ended", bench.Steer(new SteerAction.TestRun(0)).Message, StringComparison.Ordinal);
        bench.Steer(new SteerAction.Cancel());
        Assert.True(bench.Ask("a", 1).Done);

        var table = new MachineBench(MachineBench.Spec() with { RunCap = 1, Epochs = 1, MaxEpochs = 1 });
        table.Report(table.One(), 1, 0.5);
        Assert.True(table.Ask("a", 1).Done);
    }

    [Fact]
    public void A_person_has_other_runs_evaluated_on_any_node_at_once()
    {
        End();
        bench.Send(new RecordTest(1, 2, Metrics));
        Assert.True(bench.Ask("a", 1).Done);

        Assert.Contains("already", bench.Steer(new SteerAction.TestRun(1)).Message, StringComparison.Ordinal);
        Assert.Contains("no run 2", bench.Steer(new SteerAction.TestRun(2)).Message, StringComparison.Ordinal);
        Assert.True(bench.Steer(new SteerAction.TestRun(0)).Accepted);
        bench.Restart();

        var work = Assert.Single(bench.Ask("a", 2).Assignments);
        Assert.Equal((0, 2, true), (work.Run, work.UntilEpoch, work.Test));
        Assert.Empty(bench.Ask("b", 1).Assignments);
        Assert.Empty(bench.Ask("a", 1, Lease(work)).Assignments);
        bench.Send(new RecordTest(0, 2, Metrics));
        Assert.Equal(2, bench.State.Runs[0].TestEpoch);
        Assert.True(bench.Ask("b", 1).Done);
    }

    [Fact]
    public void A_run_whose_evaluation_failed_may_be_asked_for_again()
    {
        End();
        for (var attempt = 0; attempt < 3; attempt++)
            bench.Send(new RecordTest(1, 2, new Dictionary<string, double>(), "no data"));
        Assert.True(bench.Ask("a", 1).Done);

        Assert.True(bench.Steer(new SteerAction.TestRun(1)).Accepted);
        Assert.Single(bench.Ask("a", 1).Assignments);
        bench.Send(new RecordTest(1, 2, Metrics));

        Assert.Null(bench.State.Runs[1].TestError);
    }

    private static RunLease Lease(Assignment work) => new(work.Run, work.Generation, work.Test);

    /// <summary>Two runs of three epochs; run 1 is best at epoch 2.</summary>
    private void End()
    {
        for (var run = 0; run < 2; run++)
        {
            var work = bench.One();
            foreach (var (epoch, loss) in new[] { (1, 0.9), (2, 0.5 - run * 0.2), (3, 0.7) })
                bench.Report(work, epoch, loss);
        }
    }
}
