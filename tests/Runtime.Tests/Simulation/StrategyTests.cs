using Tests.Shared;
using Xunit.Abstractions;

namespace Runtime.Tests.Simulation;

/// <summary>No method and no rule is worse than random search with the same number of epochs by more than two standard errors.</summary>
public class StrategyTests(ITestOutputHelper output)
{
    private const int Seeds = 10;

    [Fact]
    public void No_strategy_is_worse_than_random_search_on_closed_form_problems() => Compare(Problem.ClosedForms);

    [DataFact]
    public void No_strategy_is_worse_than_random_search_on_recorded_curves() => Compare(Problem.Recorded);

    private void Compare(IReadOnlyList<Problem> problems)
    {
        var worse = new List<string>();
        foreach (var problem in problems)
        {
            var random = Mean(Strategy.Random, problem);
            foreach (var strategy in Strategy.All)
            {
                var mean = Mean(strategy, problem);
                var line = $"{problem.Function.Name}, {strategy.Name}: {mean.Mean:G3}±{mean.Error:G2}, random {random.Mean:G3}±{random.Error:G2}";
                output.WriteLine(line);
                if (mean.Above(random) > 2)
                    worse.Add(line);
            }
        }
        Assert.Empty(worse);
    }

    private static SampleMean Mean(Strategy strategy, Problem problem) => SampleMean.Of([.. Enumerable.Range(0, Seeds).Select(seed => strategy.Regret(problem, seed))]);
}
