using Core.Tests.Support;
using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Core.Search.Tpe;
using Sweeps.Core.Space;
using Sweeps.Training.Functions;

namespace Core.Tests.Search;

public class TpeSearchTests
{
    [Theory]
    [InlineData("branin", 0.5, 0.7)]
    [InlineData("currin", 0.5, 0.7)]
    [InlineData("hartmann3", 0.5, 0.7)]
    [InlineData("hartmann6", 0.5, 0.7)]
    [InlineData("mixed", 0.5, 0.7)]
    [InlineData("counting_ones", 0.8, 0.9)]
    public void Tpe_beats_random_search_by_its_margin_alone_and_in_batches(string function, double alone, double inTens)
    {
        var random = Race.MedianRegret(function, Random, 60, seeds: 20);
        Assert.InRange(Race.MedianRegret(function, Tpe, 60, seeds: 20), 0, alone * random);
        Assert.InRange(Race.MedianRegret(function, Tpe, 60, seeds: 20, batch: 10), 0, inTens * random);
    }

    [Fact]
    public void Fifty_slots_asking_at_once_get_fifty_different_configurations_that_spread()
    {
        var hartmann = FunctionRegistry.Get("hartmann6");
        var race = new Race(hartmann, Tpe(hartmann.Space, 3));
        race.Regret(60);
        var unaware = Enumerable.Range(60, 50).Select(n => Tpe(hartmann.Space, 3).Propose(n, 0, race)!.Configuration).ToArray();
        var asked = race.Ask(50);
        var proposed = asked.Select(configuration => hartmann.Value(configuration, FidelityLevel.Full, 0)).Order().ToArray();
        var random = Enumerable.Range(0, 200).Select(n => hartmann.Value(Random(hartmann.Space, 9).Propose(n, 0, race)!.Configuration, FidelityLevel.Full, 0)).Order().ToArray();
        Assert.Equal(50, asked.Distinct().Count());
        Assert.True(proposed[25] < random[20], $"{proposed[25]} against {random[20]}");
        Assert.True(Spread(asked) > 1.05 * Spread(unaware), $"{Spread(asked)} against {Spread(unaware)} without knowing of each other");
    }

    [Fact]
    public void A_proposal_depends_on_seed_index_attempt_and_history_only()
    {
        var mixed = FunctionRegistry.Get("mixed");
        var (one, other) = (Tpe(mixed.Space, 5), Tpe(mixed.Space, 5));
        var race = new Race(mixed, one);
        race.Regret(30);
        Assert.Equal(one.Propose(30, 0, race), other.Propose(30, 0, race));
        Assert.NotEqual(one.Propose(30, 0, race), one.Propose(30, 1, race));
        Assert.NotEqual(one.Propose(30, 0, race), one.Propose(31, 0, race));
        Assert.NotEqual(one.Propose(30, 0, race), Tpe(mixed.Space, 6).Propose(30, 0, race));
    }

    [Fact]
    public void A_search_that_has_seen_another_history_proposes_the_same()
    {
        var mixed = FunctionRegistry.Get("mixed");
        var (one, other) = (Tpe(mixed.Space, 5), Tpe(mixed.Space, 5));
        var (race, stranger) = (new Race(mixed, Tpe(mixed.Space, 5)), new Race(mixed, Random(mixed.Space, 8)));
        race.Regret(40);
        stranger.Regret(40);
        one.Propose(40, 0, stranger);
        one.Propose(40, 0, race);
        Assert.Equal(other.Propose(40, 1, race), one.Propose(40, 1, race));
    }

    [Fact]
    public void The_ranking_is_that_of_a_sort()
    {
        var random = new SplitMix64(12);
        for (var n = 10; n < 400; n += 7)
        {
            var runs = Enumerable.Range(0, n).Select(run => new Observation(
                run, Configuration.Empty, random.Next() % 3 == 0 ? ObservationKind.Completed : ObservationKind.Pruned, 1 + (int)(random.Next() % 4),
                random.Next() % 5, [])).ToArray();
            var sorted = runs.OrderBy(run => run.Kind)
                .ThenBy(run => run.Kind == ObservationKind.Pruned ? -run.Epoch : 0).ThenBy(run => run.Value).Select(run => run.Run);
            var ranking = HistorySplit.Of(runs, 10)!.Value;
            Assert.Equal(sorted.Take(Math.Min((n + 9) / 10, 25)).Order(), ranking.Below);
            Assert.Equal(Enumerable.Range(0, n).Except(ranking.Below), ranking.Above);
        }
    }

    [Fact]
    public void The_first_ten_are_random()
    {
        var mixed = FunctionRegistry.Get("mixed");
        var race = new Race(mixed, Tpe(mixed.Space, 5));
        race.Regret(9);
        Assert.Equal(Random(mixed.Space, 5).Propose(9, 0, race)!.Configuration, Tpe(mixed.Space, 5).Propose(9, 0, race)!.Configuration);
        race.Regret(10);
        Assert.NotEqual(Random(mixed.Space, 5).Propose(10, 0, race)!.Configuration, Tpe(mixed.Space, 5).Propose(10, 0, race)!.Configuration);
    }

    [Fact]
    public void Conditional_parameters_are_proposed_exactly_when_they_are_active()
    {
        var mixed = FunctionRegistry.Get("mixed");
        var race = new Race(mixed, Tpe(mixed.Space, 2));
        race.Regret(60);
        Assert.All(race.Ask(40), configuration =>
            Assert.Equal(configuration["optimizer"] is Value.Text { Content: "momentum" }, configuration["momentum"] is not null));
    }

    [Fact]
    public void Proposals_keep_the_constraints()
    {
        var branin = FunctionRegistry.Get("branin");
        var above = new Constraint("x2 > x1", new Expression.Compare(Comparison.Greater, new Expression.Name("x2"), new Expression.Name("x1")));
        var race = new Race(branin, new TpeSearch(branin.Space, [above], 1));
        race.Regret(60);
        Assert.All(race.Observations, observation => Assert.True(above.Holds(observation.Configuration)));
    }

    [Fact]
    public void With_rungs_the_largest_with_ten_values_is_learned_from_and_one_third_stays_random()
    {
        var currin = FunctionRegistry.Get("currin");
        var history = new Fixed([.. Enumerable.Range(0, 60).Select(run => Halved(run, x1: run / 60.0))]);
        var bohb = new TpeSearch(currin.Space, [], 4, hasRungs: true);
        var random = Random(currin.Space, 4);
        var proposals = Enumerable.Range(60, 300).Select(run => (Model: bohb.Propose(run, 0, history)!.Configuration, Random: random.Propose(run, 0, history)!.Configuration)).ToArray();
        Assert.InRange(proposals.Count(proposal => proposal.Model.Equals(proposal.Random)), 75, 125);
        var modelled = proposals.Where(proposal => !proposal.Model.Equals(proposal.Random)).Select(proposal => proposal.Model["x1"]!.AsDouble()!.Value);
        Assert.InRange(modelled.Average(), 0.75, 1);
    }

    /// <summary>
    /// At rung 1, which all runs reached, small x1 is good; at rung 3, which every second run reached, it is bad; rung 9 has nine runs.
    /// </summary>
    private static Observation Halved(int run, double x1)
    {
        var rungs = new List<RungValue> { new(1, x1) };
        if (run % 2 == 0)
            rungs.Add(new(3, -x1));
        if (run % 6 == 0 && run < 54)
            rungs.Add(new(9, x1));
        return new Observation(run, Point.Vector(x1, 0.5), ObservationKind.Pruned, rungs[^1].Epoch, rungs[^1].Value, rungs);
    }

    [Fact]
    public void The_best_tenth_is_below_pruned_runs_come_after_completed_ones_and_running_failed_and_infinite_ones_are_above()
    {
        Observation Run(int number, ObservationKind kind, int epoch, double value) => new(number, Configuration.Empty, kind, epoch, value, []);
        var runs = Enumerable.Range(0, 8).Select(i => Run(i, ObservationKind.Pruned, i / 4 + 1, -i))
            .Append(Run(8, ObservationKind.Running, 1, -99)).Append(Run(9, ObservationKind.Failed, 1, -99))
            .Append(Run(10, ObservationKind.Completed, 9, 5)).Append(Run(11, ObservationKind.Completed, 9, double.NaN)).ToArray();
        var ranking = HistorySplit.Of(runs, 10)!.Value;
        Assert.Equal([7, 10], ranking.Below);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 8, 9, 11], ranking.Above);
        var longer = HistorySplit.Of([.. runs, Run(12, ObservationKind.Pruned, 2, -7.5)], 10)!.Value;
        Assert.Equal([10, 12], longer.Below);
        Assert.Null(HistorySplit.Of(runs, 12));
    }

    [Theory]
    [InlineData(10, 1)]
    [InlineData(11, 2)]
    [InlineData(21, 3)]
    [InlineData(100, 10)]
    [InlineData(240, 24)]
    [InlineData(241, 25)]
    [InlineData(10_000, 25)]
    public void The_number_below_is_a_tenth_up_to_25(int n, int below)
    {
        var runs = Enumerable.Range(0, n).Select(i => new Observation(i, Configuration.Empty, ObservationKind.Completed, 1, i % 7, [])).ToArray();
        Assert.Equal(below, HistorySplit.Of(runs, 10)!.Value.Below.Length);
    }

    /// <summary>The mean distance from a point to its nearest neighbour.</summary>
    private static double Spread(IReadOnlyList<Configuration> points)
    {
        var x = points.Select(point => point.Select(pair => pair.Value.AsDouble()!.Value).ToArray()).ToArray();
        return x.Average(one => x.Where(other => other != one)
            .Min(other => Math.Sqrt(one.Zip(other).Sum(pair => (pair.First - pair.Second) * (pair.First - pair.Second)))));
    }

    private static SequenceSearch Random(SearchSpace space, ulong seed) => new(space, [], new RandomSequence(seed));

    private static TpeSearch Tpe(SearchSpace space, ulong seed) => new(space, [], seed);

    private sealed class Fixed(IReadOnlyList<Observation> observations) : IHistory
    {
        public IReadOnlyList<Observation> Observations => observations;
    }
}
