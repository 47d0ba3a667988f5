using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Core.Search.Bayes;

namespace Core.Tests.Search;

public class TrainingDataTests
{
    [Fact]
    public void Runs_without_a_finite_value_are_failures()
    {
        Observation[] all = [Completed(0, 3), Completed(1, 1), Run(2, ObservationKind.Failed, double.NaN), Completed(3, double.PositiveInfinity)];
        var results = TrainingData.Of(all, Imputation.Worst, null)!;
        Assert.Equal([3, 1], results.Known.Select(known => known.Value));
        Assert.Equal(2, results.Failed.Count);
    }

    [Fact]
    public void Failed_runs_may_count_with_their_own_best_or_latest_value()
    {
        var failed = Run(9, ObservationKind.Failed, double.NaN, new RungValue(1, 2), new RungValue(3, 7));
        var others = Enumerable.Range(0, 10).Select(run => Run(run, ObservationKind.Pruned, 5, new RungValue(1, 4 + run)));
        Observation[] all = [.. others, failed with { Run = 10, AtRungs = [new RungValue(1, 2), new RungValue(3, 7)] }];
        Assert.Equal(2, TrainingData.Of(all, Imputation.Best, null)!.Known[^1].Value);
        Assert.Equal(7, TrainingData.Of(all, Imputation.Latest, null)!.Known[^1].Value);
        Assert.Single(TrainingData.Of(all, Imputation.Worst, null)!.Failed);
    }

    [Fact]
    public void Running_runs_are_predicted_unless_their_own_values_are_asked_for()
    {
        Observation[] all = [Completed(0, 3), Completed(1, 1), Run(2, ObservationKind.Running, 2.5)];
        Assert.Single(TrainingData.Of(all, Imputation.Worst, null)!.Pending);
        Assert.Equal(2.5, TrainingData.Of(all, Imputation.Worst, Imputation.Latest)!.Known[2].Value);
        Assert.Equal(3, TrainingData.Of(all, Imputation.Worst, Imputation.Worst)!.Known[2].Value);
    }

    [Fact]
    public void With_rungs_the_largest_with_ten_values_counts()
    {
        var all = Enumerable.Range(0, 30).Select(run => Run(run, ObservationKind.Pruned, run,
            [new RungValue(1, run), .. run < 12 ? new[] { new RungValue(3, -run) } : [], .. run < 9 ? new[] { new RungValue(9, 100) } : []])).ToArray();
        Assert.Equal(Enumerable.Range(0, 12).Select(run => (double)-run), TrainingData.Of(all, Imputation.Worst, null)!.Known.Select(known => known.Value));
        Assert.Null(TrainingData.Of(all[..9], Imputation.Worst, null));
    }

    [Fact]
    public void Results_are_settled_up_to_the_first_run_that_still_trains()
    {
        Observation[] all = [Completed(0, 3), Run(1, ObservationKind.Failed, double.NaN), Run(2, ObservationKind.Running, 2.5), Completed(3, 1)];
        Assert.Equal(1, TrainingData.Of(all, Imputation.Worst, null)!.Settled);
        Assert.Equal(1, TrainingData.Of(all, Imputation.Worst, Imputation.Latest)!.Settled);
        Assert.Equal(1, TrainingData.Of(all[..2], Imputation.Worst, null)!.Settled);
    }

    [Fact]
    public void Of_many_results_the_best_hundred_and_the_newest_four_hundred_others_are_kept()
    {
        var values = Enumerable.Range(0, 900).Select(run => (double)(run * 7919 % 900)).ToArray();
        var kept = TrainingData.Of([.. values.Select((value, run) => Completed(run, value))], Imputation.Worst, null)!
            .Limited(900).Select(known => known.Value).ToArray();
        var newest = values.Where(value => value >= 100).Reverse().Take(400).ToHashSet();
        Assert.Equal(500, kept.Length);
        Assert.Equal(values.Where(value => value < 100 || newest.Contains(value)), kept);
    }

    [Fact]
    public void Without_a_finite_value_there_are_no_results() =>
        Assert.Null(TrainingData.Of([Completed(0, double.NaN), Run(1, ObservationKind.Failed, double.NaN)], Imputation.Worst, null));

    private static Observation Completed(int run, double value) => Run(run, ObservationKind.Completed, value);

    private static Observation Run(int run, ObservationKind kind, double value, params RungValue[] rungs) =>
        new(run, Configuration.Empty, kind, 1, value, rungs);
}
