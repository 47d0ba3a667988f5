using Core.Tests.Support;
using Sweeps.Analysis;
using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Core.Space;
using Sweeps.Training.Functions;
using static Core.Tests.Support.Parameters;
using static Core.Tests.Support.Point;

namespace Runtime.Tests.Analysis;

public class ImportanceTests
{
    [Fact]
    public void The_golden_runs_are_the_golden_runs()
    {
        var plain = Golden.Runs(200, conditional: false);
        Assert.Equal(0.0008895057134057927, plain[0].Configuration["lr"]!.AsDouble()!.Value, 1e-18);
        Assert.Equal(1.7140816397382639, plain[0].Value, 1e-14);
        Assert.Equal(506.757480822552, plain.Sum(sample => sample.Value), 1e-9);
        Assert.Equal(563.686534676896, Golden.Runs(200, conditional: true).Sum(sample => sample.Value), 1e-9);
    }

    [Fact]
    public void A_metric_other_than_the_objective_has_the_goal_that_its_name_suggests()
    {
        // The best tenth by AUC has a = 1 and the worst tenth b = 1.
        var (a, b) = (Integer("a", 1, 10), Integer("b", 1, 10));
        var spec = MachineBench.Spec() with { Method = SearchMethod.Grid, Space = SpaceOf(a, b), RunCap = 100, Epochs = 1, MaxEpochs = 1 };
        var bench = new MachineBench(spec, SearchFactory.Create(spec));
        while (bench.Ask("a", 1).Assignments is [var work])
        {
            var auc = work.Configuration["a"]!.AsDouble() == 1 ? 1 : work.Configuration["b"]!.AsDouble() == 1 ? 0 : 0.5;
            bench.Send(new ReportEpoch("a", work.Run, work.Generation, 1, new Dictionary<string, double> { ["loss"] = 0.5, ["auc"] = auc }, 1));
        }

        var rows = ParameterAnalysis.Of(bench.State, bench.Log, "auc", epoch: 1)!.Rows;

        Assert.True(rows.Single(row => row.Parameter == "a").PedAnova > 0.9);
    }

    [Fact]
    public void Ped_anova_has_the_golden_values() => AssertGolden(conditional: false,
        ("lr", 0.0253392345, 0.911164962), ("opt", 0.00138923752, 0.0499551219), ("width", 0.000938719888, 0.0337551109),
        ("noise", 0.00014251934, 0.00512480475));

    [Fact]
    public void Ped_anova_has_the_golden_values_where_a_parameter_is_conditional() => AssertGolden(conditional: true,
        ("lr", 0.028655612, 0.883395352), ("opt", 0.001220427, 0.0376233297), ("width", 0.000189082305, 0.00582903026),
        ("noise", 0.000143453989, 0.0044224003), ("mom", 0.00222946272, 0.068729888));

    [Fact]
    public void Ped_anova_needs_no_finite_values_and_leaves_out_what_is_constant()
    {
        var runs = Golden.Runs(200, conditional: false);
        var diverged = runs.Select((sample, i) => i % 3 == 0 && sample.Value > 2 ? sample with { Value = double.PositiveInfinity } : sample).ToList();
        Assert.Equal("lr", PedAnova.Of(Golden.Space(false), diverged)[0].Parameter);
        Assert.Empty(PedAnova.Of(Golden.Space(false), runs[..1]));
        Assert.All(PedAnova.Of(Golden.Space(true), runs), importance => Assert.True(double.IsFinite(importance.Raw)));
        Assert.Equal(0, PedAnova.Of(Golden.Space(true), runs).Single(importance => importance.Parameter == "mom").Raw);
    }

    [Fact]
    public void Fanova_finds_the_shares_of_an_additive_function() => AssertFanova(
        x => x[0] + 2 * x[1] + 4 * x[2], [1 / 21.0, 4 / 21.0, 16 / 21.0]);

    [Fact]
    public void Fanova_finds_the_main_effects_of_a_product() => AssertFanova(x => x[0] * x[1], [0.5, 0.5, 0]);

    [Fact]
    public void Fanova_integrates_over_the_logarithm()
    {
        var importances = Fanova.Of(Golden.Space(false), Golden.Runs(500, conditional: false));
        foreach (var (name, share) in new[] { ("lr", 0.955), ("opt", 0.039), ("width", 0.006), ("noise", 0.0) })
            Assert.Equal(share, importances.Single(importance => importance.Parameter == name).Share, 0.05);
    }

    [Fact]
    public void Fanova_sees_a_conditional_parameter_on_the_runs_that_have_it()
    {
        var runs = Golden.Runs(500, conditional: true).Select(sample =>
        {
            var momentum = sample.Configuration["mom"]?.AsDouble() ?? 0.5;
            return sample with { Value = 3 * momentum + sample.Configuration["noise"]!.AsDouble()!.Value };
        }).ToArray();
        var importances = Fanova.Of(Golden.Space(true), runs);
        Assert.Equal("mom", importances[0].Parameter);
        Assert.InRange(importances[0].Share, 0.6, 0.95);
        Assert.Equal("noise", importances[1].Parameter);
    }

    [Fact]
    public void Fanova_repeats_itself_and_has_nothing_to_say_about_one_run()
    {
        var runs = Golden.Runs(60, conditional: true);
        Assert.Equal(Fanova.Of(Golden.Space(true), runs, seed: 4), Fanova.Of(Golden.Space(true), runs, seed: 4));
        Assert.Empty(Fanova.Of(Golden.Space(true), runs[..1]));
        var flat = runs.Select(run => run with { Value = 1 }).ToArray();
        Assert.All(Fanova.Of(Golden.Space(true), flat), importance => Assert.Equal(0, importance.Share));
    }

    private static void AssertGolden(bool conditional, params (string Name, double Raw, double Share)[] expected)
    {
        var importances = PedAnova.Of(Golden.Space(conditional), Golden.Runs(200, conditional));
        Assert.Equal(expected.Length, importances.Count);
        foreach (var (name, raw, share) in expected)
        {
            var importance = importances.Single(one => one.Parameter == name);
            Assert.Equal(1, importance.Raw / raw, 1e-8);
            Assert.Equal(1, importance.Share / share, 1e-8);
        }
    }

    private static void AssertFanova(Func<double[], double> function, double[] expected)
    {
        var random = new SplitMix64(11);
        var samples = new List<Sample>();
        for (var i = 0; i < 500; i++)
        {
            var x = new[] { random.NextDouble(), random.NextDouble(), random.NextDouble() };
            samples.Add(new Sample(Vector(x), function(x)));
        }
        var importances = Fanova.Of(FunctionRegistry.Get("hartmann3").Space, samples);
        for (var j = 0; j < expected.Length; j++)
            Assert.Equal(expected[j], importances.Single(importance => importance.Parameter == $"x{j + 1}").Share, 0.05);
    }
}
