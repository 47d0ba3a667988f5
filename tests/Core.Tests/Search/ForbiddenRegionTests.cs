using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Core.Search.Bayes;
using Sweeps.Core.Search.Tpe;
using Sweeps.Core.Space;
using Sweeps.Training.Functions;
using Xunit.Abstractions;

namespace Core.Tests.Search;

/// <summary>If a fifth of the space fails or is forbidden by a constraint, models are not worse than random search on the rest.</summary>
public class ForbiddenRegionTests(ITestOutputHelper output)
{
    private const int Evaluations = 60;

    public static TheoryData<string, string, double> Problems => new()
    {
        { "branin", "x1", 7.0 }, { "currin", "x2", 0.8 }, { "hartmann3", "x2", 0.8 }, { "hartmann6", "x6", 0.8 }, { "mixed", "dropout", 0.48 },
    };

    [Theory]
    [MemberData(nameof(Problems))]
    public void Models_are_no_worse_than_random_search_on_the_rest(string name, string parameter, double limit)
    {
        foreach (var above in new[] { true, false })
        {
            var allowed = Allowed(FunctionRegistry.Get(name).Space, parameter, limit, above);
            var random = Mean(name, 20, seed => new Race(Get(name), new SequenceSearch(Get(name).Space, [allowed], new RandomSequence(seed))));
            foreach (var fails in new[] { true, false })
            {
                IReadOnlyList<Constraint> constraints = fails ? [] : [allowed];
                Func<Configuration, bool>? failing = fails ? configuration => !allowed.Holds(configuration) : null;
                var tpe = Mean(name, 20, seed => new Race(Get(name), new TpeSearch(Get(name).Space, constraints, seed), failing));
                var bayes = Mean(name, 5, seed => new Race(Get(name), new BayesSearch(Get(name).Space, constraints, seed), failing));
                output.WriteLine($"{name}, {(above ? "upper" : "lower")} fifth {(fails ? "fails" : "forbidden")}: random {random:G3}, tpe {tpe:G3}, bayes {bayes:G3}");
                Assert.InRange(tpe, double.NegativeInfinity, random);
                Assert.InRange(bayes, double.NegativeInfinity, random);
            }
        }
    }

    [Fact]
    public void Failures_repel()
    {
        var branin = Get("branin");
        var allowed = Allowed(branin.Space, "x1", -2, above: true);
        var (random, tpe) = (Failed(new SequenceSearch(branin.Space, [], new RandomSequence(1))), Failed(new TpeSearch(branin.Space, [], 1)));
        Assert.InRange(tpe, 1, random - 1);

        int Failed(ISearch search)
        {
            var race = new Race(branin, search, configuration => allowed.Holds(configuration) is false);
            race.Regret(Evaluations);
            return race.Observations.Count(observation => observation.Kind == ObservationKind.Failed);
        }
    }

    [Fact]
    public void A_narrow_constraint_does_not_make_a_model_random()
    {
        var branin = Get("branin");
        var narrow = new Constraint("x1 > 9", new Expression.Compare(Comparison.Greater, new Expression.Name("x1"), new Expression.Literal(new Value.Number(9))));
        var random = Mean("branin", 20, seed => new Race(branin, new SequenceSearch(branin.Space, [narrow], new RandomSequence(seed))));
        var race = new Race(branin, new TpeSearch(branin.Space, [narrow], 3));
        race.Regret(Evaluations);
        Assert.All(race.Observations, observation => Assert.True(narrow.Holds(observation.Configuration)));
        Assert.Null(new TpeSearch(branin.Space, [narrow], 3).Propose(Evaluations, 0, race)!.Random);
        Assert.Null(new BayesSearch(branin.Space, [narrow], 3).Propose(Evaluations, 0, race)!.Random);
        Assert.InRange(Mean("branin", 20, seed => new Race(branin, new TpeSearch(branin.Space, [narrow], seed))), 0, 0.5 * random);
    }

    [Fact]
    public void A_model_says_why_it_draws_at_random()
    {
        var branin = Get("branin");
        var race = new Race(branin, new SequenceSearch(branin.Space, [], new RandomSequence(2)));
        race.Regret(9);
        Assert.Contains("10 results", new TpeSearch(branin.Space, [], 2).Propose(9, 0, race)!.Random, StringComparison.Ordinal);
        Assert.Contains("10 results", new BayesSearch(branin.Space, [], 2).Propose(9, 0, race)!.Random, StringComparison.Ordinal);
        Assert.Null(new SequenceSearch(branin.Space, [], new RandomSequence(2)).Propose(9, 0, race)!.Random);
        var failed = new Race(branin, new SequenceSearch(branin.Space, [], new RandomSequence(2)), _ => true);
        failed.Ask(20);
        failed.Finish();
        Assert.Contains("finite", new TpeSearch(branin.Space, [], 2).Propose(20, 0, failed)!.Random, StringComparison.Ordinal);
    }

    private static ClosedForm Get(string name) => FunctionRegistry.Get(name);

    private static double Mean(string name, int seeds, Func<ulong, Race> race) =>
        Enumerable.Range(0, seeds).Average(seed => race((ulong)seed).Regret(Evaluations));

    /// <summary>A constraint to the lower four fifths of a parameter's range, or to the upper four with the limit mirrored.</summary>
    private static Constraint Allowed(SearchSpace space, string parameter, double limit, bool above)
    {
        var range = (Domain.Range)space.Find(parameter)!.Distribution.Domain;
        var at = above ? limit : range.Low + (range.High - limit);
        return new Constraint($"{parameter} {(above ? "<" : ">")} {at}", new Expression.Compare(
            above ? Comparison.Less : Comparison.Greater, new Expression.Name(parameter), new Expression.Literal(new Value.Number(at))));
    }
}
