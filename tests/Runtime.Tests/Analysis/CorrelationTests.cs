using Sweeps.Analysis;
using Sweeps.Core;

namespace Runtime.Tests.Analysis;

public class CorrelationTests
{
    [Fact]
    public void A_logarithmic_parameter_correlates_by_its_logarithm()
    {
        var samples = new[] { 1e-4, 1e-3, 1e-2, 1e-1 }.Select((lr, i) => new Sample(Point(lr, "a", 100, 0.5), 3.0 * i)).ToArray();
        var lr = Of(samples, "lr");
        Assert.Equal(1, lr.Pearson, 1e-12);
        Assert.Equal(1, lr.Spearman, 1e-12);
        Assert.Equal(4, lr.Count);
    }

    [Fact]
    public void Ranks_do_not_care_for_the_shape_and_ties_share_theirs()
    {
        var samples = new[] { (16, 1.0), (17, 1.0), (18, 10.0), (500, 11.0) }
            .Select(pair => new Sample(Point(0.1, "a", pair.Item1, 0.5), pair.Item2)).ToArray();
        var width = Of(samples, "width");
        Assert.Equal(0.9486832980505138, width.Spearman, 1e-12);
        Assert.InRange(width.Pearson, 0.5, 0.7);
    }

    [Fact]
    public void A_category_has_a_column_of_its_own()
    {
        var samples = new[] { ("a", 5.0), ("a", 5.0), ("b", 1.0), ("c", 1.0) }.Select(pair => new Sample(Point(0.1, pair.Item1, 100, 0.5), pair.Item2)).ToArray();
        var rows = Correlations.Of(Golden.Space(false), samples).Where(row => row.Parameter == "opt").ToArray();
        Assert.Equal(["a", "b", "c", "d"], rows.Select(row => row.Category));
        Assert.Equal(1, rows[0].Pearson, 1e-12);
        Assert.Equal(-1 / Math.Sqrt(3), rows[1].Pearson, 1e-12);
        Assert.Equal(0, rows[3].Pearson);
    }

    [Fact]
    public void A_run_that_diverged_ranks_last()
    {
        var samples = new[] { 0.1, 0.2, 0.3, 0.4 }.Select((lr, i) => new Sample(Point(lr, "a", 100, 0.5), i < 2 ? 2 - i : double.PositiveInfinity)).ToArray();
        var lr = Of(samples, "lr");
        Assert.Equal(-1, lr.Pearson, 1e-12);
        Assert.InRange(lr.Spearman, 0.6, 1);
    }

    [Fact]
    public void Runs_without_the_parameter_or_a_value_do_not_count()
    {
        var runs = Golden.Runs(200, conditional: true);
        var rows = Correlations.Of(Golden.Space(true), [.. runs, runs[0] with { Value = double.NaN }]);
        Assert.Equal(runs.Count(run => run.Configuration["mom"] is not null), rows.Single(row => row.Parameter == "mom").Count);
        Assert.All(rows, row => Assert.InRange(row.Pearson, -1, 1));
    }

    private static Correlation Of(Sample[] samples, string parameter) =>
        Correlations.Of(Golden.Space(false), samples).Single(row => row.Parameter == parameter);

    private static Configuration Point(double lr, string opt, int width, double noise) =>
        Core.Tests.Support.Point.Of(("lr", lr), ("opt", opt), ("width", width), ("noise", noise));
}
