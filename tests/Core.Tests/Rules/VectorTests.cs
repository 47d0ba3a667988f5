using System.Globalization;
using Core.Tests.Support;
using Sweeps.Core;
using Sweeps.Core.Rules;

namespace Core.Tests.Rules;

/// <summary>Values that arrive one at a time, with the decisions that docs/rules.md 3 to 8 give.</summary>
public class VectorTests
{
    private const string Mixed = ".5 .3 .4 .2 .6 .1 .35 .25 .05";
    private const string Rising = ".1 .2 .3 .4 .5 .6 .7 .8 .9";
    private const string Falling = ".9 .8 .7 .6 .5 .4 .3 .2 .1";
    private const string Equal = ".5 .5 .5 .5 .5 .5 .5 .5 .5";

    [Theory]
    [InlineData(AshaComparison.Optuna, Mixed, "CCSCSCSSC")]
    [InlineData(AshaComparison.Optuna, Rising, "CSSSSSSSS")]
    [InlineData(AshaComparison.Optuna, Falling, "CCCCCCCCC")]
    [InlineData(AshaComparison.Optuna, Equal, "CCCCCCCCC")]
    [InlineData(AshaComparison.Wandb, Mixed, "CCCCSCSCC")]
    [InlineData(AshaComparison.Wandb, Rising, "CSSSSSSSS")]
    [InlineData(AshaComparison.Wandb, Falling, "CCCCCCCCC")]
    [InlineData(AshaComparison.Wandb, Equal, "CCCCCCCCC")]
    [InlineData(AshaComparison.Ray, Mixed, "CCSCSCSCC")]
    [InlineData(AshaComparison.Ray, Rising, "CSSSSSSSS")]
    [InlineData(AshaComparison.Ray, Falling, "CCCCCCCCC")]
    [InlineData(AshaComparison.Ray, Equal, "CCCCCCCCC")]
    public void Asha_by_stopping_judges_arrivals_as_published(AshaComparison rule, string arrivals, string expected)
    {
        var bench = new MachineBench(MachineBench.Spec(new AshaStoppingSpec(1, 3, 3, rule)));
        var verdicts = Values(arrivals).Select(value => bench.Report(bench.One(), 1, value).Verdict == Verdict.Continue ? 'C' : 'S');
        Assert.Equal(expected, string.Concat(verdicts));
    }

    [Fact]
    public void Rays_quantile_between_two_infinities_is_infinity_and_stops_nobody()
    {
        var options = new MachineOptions { StopDiverged = false };
        var bench = new MachineBench(MachineBench.Spec(new AshaStoppingSpec(1, 3, 3, AshaComparison.Ray)), options: options);
        foreach (var value in new[] { double.PositiveInfinity, double.PositiveInfinity, 0.5 })
            Assert.Equal(Verdict.Continue, bench.Report(bench.One(), 1, value).Verdict);
    }

    [Theory]
    [InlineData(Mixed, "- - P1 P3 - P5 - - P8")]
    [InlineData(Rising, "- - P0 - - P1 - - P2")]
    [InlineData(Falling, "- - P2 P3 P4 P5 P6 P7 P8")]
    [InlineData(Equal, "- - P0 - - P1 - - P2")]
    public void Asha_by_promotion_answers_a_free_slot_as_published(string arrivals, string expected)
    {
        var values = Values(arrivals);
        var bench = new MachineBench(MachineBench.Spec(MachineBench.Asha(1, 3, 3)));
        var work = bench.One();
        var answers = new List<string>();
        foreach (var value in values)
        {
            bench.Report(work, 1, value);
            work = bench.One();
            answers.Add(work.Generation > 1 ? $"P{work.Run}" : "-");
            if (work.Generation > 1)
                work = bench.One();
        }
        Assert.Equal(expected, string.Join(' ', answers));
    }

    [Theory]
    [InlineData(true, false, "b")]
    [InlineData(false, false, "b")]
    [InlineData(true, true, "bf")]
    [InlineData(false, true, "b")]
    public void Wandbs_hyperband_stops_whom_its_own_vector_stops(bool strict, bool withF, string expected)
    {
        (char Name, double[] Values)[] reports =
        [
            ('f', [10, 10]), ('a', [10, 9]), ('c', [10, 8, 8]), ('d', [10, 7, 7]), ('e', [10, 6, 6]), ('f', [6.5]), ('b', [10, 10]),
        ];
        var bench = new MachineBench(MachineBench.Spec(new WandbHyperbandSpec(null, 5, 2, 2, strict)));
        var work = new Dictionary<char, (Assignment Work, int Epoch)>();
        var stopped = "";
        foreach (var (name, values) in reports.Where(report => withF || report.Name != 'f'))
        {
            foreach (var value in values)
            {
                var (assignment, epoch) = work.TryGetValue(name, out var known) ? known : (bench.One(), 0);
                work[name] = (assignment, epoch + 1);
                if (bench.Report(assignment, epoch + 1, value).Verdict == Verdict.Stop)
                    stopped += name;
            }
        }
        Assert.Equal(expected, string.Concat(stopped.Order()));
    }

    [Fact]
    public void Median_stops_a_run_whose_best_is_strictly_worse_than_the_median_of_the_completed_means()
    {
        var bench = new MachineBench(MachineBench.Spec(new MedianSpec(2, 4)) with { Epochs = 3 });
        foreach (var value in new[] { 1.0, 2, 3, 4 })
        {
            var done = bench.One();
            for (var epoch = 1; epoch <= 3; epoch++)
                bench.Report(done, epoch, value);
        }
        var (equal, worse) = (bench.One(), bench.One());
        Assert.Equal(Verdict.Continue, bench.Report(worse, 1, 9).Verdict);
        Assert.Equal(Verdict.Continue, bench.Report(equal, 1, 2.5).Verdict);
        Assert.Equal(Verdict.Continue, bench.Report(equal, 2, 9).Verdict);
        var verdict = bench.Report(worse, 2, 2.6);
        Assert.Equal(Verdict.Stop, verdict.Verdict);
        Assert.Equal(("median", 2.6, 2.5), (verdict.Reason!.Rule, verdict.Reason.Value, verdict.Reason.Cutoff));
    }

    [Theory]
    [InlineData(3, 0, Goal.Minimize, ".5 .5 .5 .5", 4)]
    [InlineData(3, 0, Goal.Maximize, ".1 .1 .1 .1", 4)]
    [InlineData(1, 0, Goal.Minimize, ".5 .4 .3 .3", 4)]
    [InlineData(2, 0, Goal.Minimize, ".5 .6 .4 .5 .3 .3 .3", 7)]
    [InlineData(2, 0, Goal.Maximize, ".5 .4 .6 .5 .5", 5)]
    [InlineData(2, 0.1, Goal.Minimize, ".5 .25 .2 .2 .1", 4)]
    [InlineData(2, 0.1, Goal.Minimize, ".5 .3 .1 .05 .02", 5)]
    [InlineData(3, 0, Goal.Minimize, ".5 .6 .7 .4 .5 .6", 0)]
    public void Patience_stops_a_run_after_exactly_so_many_epochs_without_improvement(int epochs, double tolerance, Goal goal, string values, int stopped)
    {
        var spec = MachineBench.Spec(new PatienceSpec(epochs, tolerance)) with { Objective = new Objective("loss", goal) };
        var bench = new MachineBench(spec);
        var work = bench.One();
        var verdicts = Values(values).Select((value, i) => bench.Report(work, i + 1, value).Verdict).ToList();
        Assert.Equal(stopped, verdicts.IndexOf(Verdict.Stop) + 1);
        if (stopped > 0)
            Assert.EndsWith(" would have gone on.", Why.Explain(bench.Log, 0, _ => spec)[^1].ToGoOn, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void A_value_that_is_not_finite_ends_its_run_and_ranks_last(double value)
    {
        var bench = new MachineBench(MachineBench.Spec(MachineBench.Asha(1, 3, 3)));
        for (var run = 0; run < 3; run++)
            bench.Report(bench.One(), 1, run == 0 ? value : run);
        Assert.Equal(RunState.Diverged, bench.State.Runs[0].State);
        Assert.Equal(1, bench.One().Run);
        Assert.Equal(3, bench.State.Rungs.Single().Arrived);
    }

    [Fact]
    public void A_run_that_diverges_between_rungs_enters_the_next_one_once_as_infinity()
    {
        var bench = new MachineBench(MachineBench.Spec(MachineBench.Asha(2, 8, 2)));
        var work = bench.One();
        bench.Report(work, 1, 0.5, divergence: "loss is 1e30");
        Assert.Equal([1, 0], bench.State.Rungs.Select(rung => rung.Arrived));
    }

    [Fact]
    public void With_goal_maximize_larger_values_are_better_and_shown_as_reported()
    {
        var bench = new MachineBench(MachineBench.Spec(MachineBench.Asha(1, 3, 3)) with { Objective = new Objective("loss", Goal.Maximize) });
        foreach (var value in Values(Rising)[..3])
            bench.Report(bench.One(), 1, value);
        Assert.Equal(2, bench.One().Run);
        var reason = Assert.Single(bench.Events<RunPromoted>()).Reason;
        Assert.Equal((1, 3, 0.3, 0.3), (reason.Rank, reason.Count, reason.Value, reason.Cutoff));
    }

    private static double[] Values(string text) => [.. text.Split(' ').Select(value => double.Parse(value, CultureInfo.InvariantCulture))];
}
