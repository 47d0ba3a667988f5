using Sweeps.Analysis;
using Sweeps.Core;

namespace Runtime.Tests.Analysis;

public class ProgressTests
{
    [Fact]
    public void The_highest_rung_with_enough_runs_is_compared()
    {
        var runs = Enumerable.Range(0, 60).Select(run => Curve(run, run < 10 ? 27 : run < 25 ? 9 : 3)).ToArray();
        var compared = ComparedRuns.Choose(runs, [27, 1, 3, 9], parameters: 3)!;
        Assert.Equal(9, compared.Epoch);
        Assert.Equal(25, compared.Samples.Count);
        Assert.Equal(runs[7].Values[8], compared.Samples[7].Value);
        Assert.Equal(3, ComparedRuns.Choose(runs, [1, 3, 9, 27], parameters: 10)!.Epoch);
    }

    [Fact]
    public void The_lowest_rung_is_compared_while_runs_are_few()
    {
        Assert.Equal(1, ComparedRuns.Choose([Curve(0, 5), Curve(1, 2)], [1, 3, 9], 2)!.Epoch);
        Assert.Null(ComparedRuns.Choose([Curve(0, 2)], [3, 9], 2));
    }

    [Fact]
    public void Without_rungs_the_last_epoch_before_which_no_run_was_stopped_is_compared_and_diverged_runs_are_the_worst()
    {
        var runs = Enumerable.Range(0, 60).Select(run => Curve(run, run < 30 ? 12 : 7, run < 30 ? CurveEnd.Unknown : CurveEnd.Stopped))
            .Append(Curve(60, 2, CurveEnd.Worst)).ToArray();

        var compared = ComparedRuns.Choose(runs, [], parameters: 2)!;

        Assert.Equal((7, 61, 0), (compared.Epoch, compared.Samples.Count, compared.Stopped));
        Assert.Equal(double.PositiveInfinity, compared.Samples[^1].Value);
        Assert.Equal((31, 30), (ComparedRuns.At(runs, 12).Samples.Count, ComparedRuns.At(runs, 12).Stopped));
    }

    [Fact]
    public void The_best_so_far_only_falls_and_counts_every_epoch()
    {
        double[] values = [double.NaN, 5, 7, 4, 4, double.NegativeInfinity, 1];
        var improvements = BestSoFar.Of(values.Select((value, i) => new Arrival(i, 1, TimeSpan.FromSeconds(i), value)));
        Assert.Equal([(2, 5.0), (4, 4.0), (7, 1.0)], improvements.Select(improvement => ((int)improvement.Epochs, improvement.Value)));
        Assert.Equal(TimeSpan.FromSeconds(3), improvements[1].Time);
        Assert.Null(BestSoFar.After(improvements, 1));
        Assert.Equal(4, BestSoFar.After(improvements, 6));
    }

    [Fact]
    public void Nobody_beats_the_front_in_value_and_seconds()
    {
        Tradeoff[] runs =
        [
            new(0, 0.3, 10), new(1, 0.2, 20), new(2, 0.25, 30), new(3, 0.2, 20), new(4, 0.1, 40), new(5, double.NaN, 1), new(6, 0.4, 10),
        ];
        Assert.Equal([0, 1, 4], ParetoFront.Of(runs).Select(run => run.Run));
    }

    private static RunCurve Curve(int run, int epochs, CurveEnd after = CurveEnd.Unknown) =>
        new(run, Configuration.Empty, [.. Enumerable.Range(1, epochs).Select(epoch => run + 1.0 / epoch)], after);
}
