using Core.Tests.Support;
using Sweeps.Core;
using Sweeps.Core.Rules;

namespace Core.Tests.Rules;

public class RungPlanTests
{
    [Theory]
    [InlineData(1, 9, 3, "1 3")]
    [InlineData(1, 243, 3, "1 3 9 27 81")]
    [InlineData(1, 1000, 10, "1 10 100")]
    [InlineData(3, 51, 3, "3 9 27")]
    [InlineData(2, 11, 2, "2 4 8")]
    [InlineData(5, 5, 3, "")]
    [InlineData(1, int.MaxValue, 1 << 20, "1 1048576")]
    public void Rungs_of_a_ladder_lie_strictly_below_R(int first, int last, int eta, string expected) =>
        Assert.Equal(expected, string.Join(' ', RungPlan.Geometric(first, last, eta).Rungs));

    [Fact]
    public void The_exponent_is_exact_where_logarithms_are_not()
    {
        foreach (var (eta, k) in new[] { (3, 5), (3, 10), (9, 5), (10, 3), (10, 6), (10, 9), (5, 3), (6, 3), (7, 5), (8, 7) })
        {
            var power = Enumerable.Repeat(eta, k).Aggregate(1, (product, factor) => product * factor);
            Assert.Equal(k, RungPlan.Exponent(power, eta));
            Assert.Equal(k - 1, RungPlan.Exponent(power - 1, eta));
        }
    }

    [Theory]
    [InlineData(27, 2, 3.0, "3 9")]
    [InlineData(81, 3, 3.0, "3 9 27")]
    [InlineData(18, 2, 3.0, "2 6")]
    [InlineData(100, 3, 3.0, "3 11 33")]
    [InlineData(5, 2, 2.0, "1 2")]
    [InlineData(9, 4, 3.0, "1 3")]
    public void Bands_from_max_iter_are_those_of_wandb(int last, int s, double eta, string expected) =>
        Assert.Equal(expected, string.Join(' ', RungPlan.BandsBelow(last, s, eta).Rungs));

    [Theory]
    [InlineData(3, 3.0, "3 9 27 81")]
    [InlineData(1, 3.0, "1 3 9 27 81")]
    [InlineData(5, 2.0, "5 10 20 40 80")]
    [InlineData(2, 1.5, "2 3 4 6 10 15 22 34 51 76")]
    public void Bands_from_min_iter_are_those_of_wandb(int first, double eta, string expected) =>
        Assert.Equal(expected, string.Join(' ', RungPlan.Bands(first, eta, end: 101).Rungs));

    [Theory]
    [InlineData(81, 3, "81@1 27@3 9@9 3@27 1@81 · 34@3 11@9 3@27 1@81 · 15@9 5@27 1@81 · 8@27 2@81 · 5@81", 1581)]
    [InlineData(9, 3, "9@1 3@3 1@9 · 5@3 1@9 · 3@9", 69)]
    [InlineData(10, 3, "9@1 3@3 1@10 · 5@3 1@10 · 3@10", 74)]
    [InlineData(16, 4, "16@1 4@4 1@16 · 6@4 1@16 · 3@16", 124)]
    [InlineData(27, 3, "27@1 9@3 3@9 1@27 · 12@3 4@9 1@27 · 6@9 2@27 · 4@27", 357)]
    [InlineData(51, 3, "27@1 9@5 3@17 1@51 · 12@5 4@17 1@51 · 6@17 2@51 · 4@51", 649)]
    [InlineData(1000, 10, "1000@1 100@10 10@100 1@1000 · 134@10 13@100 1@1000 · 20@100 2@1000 · 4@1000", 14910)]
    public void One_turn_of_hyperband_has_the_published_brackets_and_costs(int last, int eta, string expected, long epochs)
    {
        var plan = RungPlan.Synchronous(1, last, eta, allBrackets: true);
        var runs = plan.Brackets.Sum(bracket => bracket.Size);
        Assert.Equal(expected, string.Join(" · ", plan.Brackets.Select(bracket =>
            string.Join(' ', bracket.Reaching(bracket.Size).Select(level => $"{level.Runs}@{level.Epoch}")))));
        Assert.Equal(epochs, plan.Epochs(runs));
        var bench = new MachineBench(
            MachineBench.Spec(new SuccessiveHalvingSpec(1, last, eta, AllBrackets: true)) with { RunCap = runs, Epochs = last, MaxEpochs = last });
        while (bench.Ask("a", 1).Assignments is [var work])
            for (var epoch = work.RecordedEpoch + 1; bench.Report(work, epoch, SplitMix64.Mix((ulong)work.Run)).Verdict == Verdict.Continue; epoch++)
                Assert.True(epoch < work.UntilEpoch);
        var brackets = bench.State.Runs.GroupBy(run => run.Bracket).Select(bracket => string.Join(' ', bracket
            .SelectMany(run => bench.Events<RunAssigned>().Where(assigned => assigned.Run == run.Number).Select(assigned => assigned.UntilEpoch))
            .GroupBy(epoch => epoch).OrderBy(level => level.Key).Select(level => $"{level.Count()}@{level.Key}")));
        Assert.Equal(expected, string.Join(" · ", brackets));
        Assert.Equal(epochs, bench.State.EpochsRecorded);
        Assert.Equal(SweepStatus.Ended, bench.State.Status);
    }
}
