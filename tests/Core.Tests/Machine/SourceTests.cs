using Core.Tests.Support;
using Sweeps.Core;

namespace Core.Tests.Machine;

/// <summary>Runs that start with the best weights of an earlier run of the sweep.</summary>
public class SourceTests
{
    [Fact]
    public void A_run_waits_until_its_source_has_finished_whoever_asks_and_after_a_restart()
    {
        var bench = Bench(Of(0), Of(1, source: 0), Of(2));
        var source = bench.One("a");

        Assert.Empty(bench.Ask("b", 1).Assignments);
        bench.Restart();
        Assert.Empty(bench.Ask("b", 1).Assignments);
        bench.Report(source, 1, 0.5);
        Assert.Empty(bench.Ask("b", 1).Assignments);
        bench.Report(source, 2, 0.6);

        var work = bench.One("b");
        Assert.Equal((1, 0), (work.Run, work.Source));
        Assert.Equal((2, null), (bench.One("b") is var next ? next.Run : 0, next.Source));
    }

    [Fact]
    public void A_run_whose_source_cannot_finish_fails_with_the_reason_and_the_sweep_goes_on()
    {
        var bench = Bench(Of(0), Of(1, source: 0), Of(2, source: 2), Of(3, source: 7), Of(4));
        bench.Report(bench.One(), 1, double.NaN, "the loss is not finite");

        Assert.Equal(4, bench.One().Run);

        Assert.Equal([1, 2, 3], bench.Events<RunFailed>().Select(failed => failed.Run));
        Assert.All(bench.Events<RunFailed>(), failed => Assert.True(failed.Permanent));
        Assert.Contains("run 0, which has not finished: it diverged", bench.State.Runs[1].Reason!.Detail, StringComparison.Ordinal);
        Assert.Contains("run 2, which is not an earlier run", bench.State.Runs[2].Reason!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void The_weights_of_every_run_are_kept_and_an_evaluation_names_the_source_too()
    {
        var bench = Bench(Of(0), Of(1, source: 0));
        foreach (var loss in (double[])[0.5, 0.4])
        {
            var work = bench.One();
            bench.Report(work, 1, loss);
            bench.Report(work, 2, loss);
        }
        Assert.Equal(SweepStatus.Ended, bench.State.Status);
        Assert.Empty(bench.Machine.TakeDisposable());

        var test = Assert.Single(bench.Ask("a", 1).Assignments);

        Assert.Equal((1, 0, true), (test.Run, test.Source, test.Test));
    }

    private static MachineBench Bench(params Configuration[] runs) => new(MachineBench.Spec() with
    {
        RunCap = runs.Length, Epochs = 2, MaxEpochs = 2, Enqueue = runs, SourceParameter = "source", Trainable = new TrainableSpec.Network("none"),
    }, options: new MachineOptions { KeepBest = 0 });

    private static Configuration Of(int n, int? source = null) =>
        new([new("n", new Value.Integer(n)), new("source", source is { } run ? new Value.Integer(run) : new Value.Text("none"))]);
}
