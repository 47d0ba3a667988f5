using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Core.Search.Bayes;
using Sweeps.Core.Space;
using Sweeps.Training.Functions;

namespace Core.Tests.Search;

public class BayesSearchTests
{
    [Theory]
    [InlineData("branin", 0.05)]
    [InlineData("currin", 0.05)]
    [InlineData("hartmann3", 0.05)]
    [InlineData("hartmann6", 0.25)]
    [InlineData("mixed", 0.25)]
    public void A_gaussian_process_beats_random_search_by_its_margin(string function, double margin)
    {
        var random = Race.MedianRegret(function, Random, 60, seeds: 20);
        var bayes = Race.MedianRegret(function, Bayes, 60, seeds: 20);
        Assert.True(bayes <= margin * random, $"{bayes} against {random}");
    }

    [Fact]
    public void A_proposal_depends_on_seed_index_attempt_and_history_only()
    {
        var branin = FunctionRegistry.Get("branin");
        var race = new Race(branin, Bayes(branin.Space, 5));
        race.Regret(15);
        var one = Bayes(branin.Space, 5);
        Assert.Equal(one.Propose(15, 0, race), Bayes(branin.Space, 5).Propose(15, 0, race));
        Assert.Equal(one.Propose(15, 0, race), one.Propose(15, 0, race));
        Assert.NotEqual(one.Propose(15, 0, race), one.Propose(15, 1, race));
    }

    [Theory]
    [InlineData("branin", 40, 7)]
    [InlineData("mixed", 130, 30)]
    public void What_a_search_remembers_of_earlier_proposals_changes_nothing(string function, int evaluations, int batch)
    {
        var problem = FunctionRegistry.Get(function);
        var warm = Bayes(problem.Space, 5);
        var race = new Race(problem, warm);
        race.Regret(evaluations, batch);
        var asked = race.Ask(3);
        Assert.Equal(asked[2], Bayes(problem.Space, 5).Propose(evaluations + 2, 0, race.Before(evaluations + 2))!.Configuration);
        Assert.Equal(warm.Propose(evaluations + 3, 0, race), Bayes(problem.Space, 5).Propose(evaluations + 3, 0, race));
    }

    [Fact]
    public void A_run_that_takes_its_time_does_not_change_what_a_search_remembers()
    {
        var problem = FunctionRegistry.Get("branin");
        var warm = Bayes(problem.Space, 5);
        var race = new Race(problem, new SequenceSearch(problem.Space, [], new RandomSequence(1)));
        race.Regret(130);
        foreach (var late in new[] { 127, 40, 3 })
            foreach (var history in new[] { race.While(late), race })
                Assert.Equal(Bayes(problem.Space, 5).Propose(130, 0, history), warm.Propose(130, 0, history));
    }

    [Fact]
    public void Slots_asking_at_once_get_configurations_that_differ()
    {
        var branin = FunctionRegistry.Get("branin");
        var race = new Race(branin, Bayes(branin.Space, 5));
        race.Regret(15);
        var asked = race.Ask(8).Select(point => (X: point["x1"]!.AsDouble()!.Value, Y: point["x2"]!.AsDouble()!.Value)).ToArray();
        foreach (var (i, one) in asked.Index())
            Assert.All(asked[..i], other => Assert.True(Math.Abs(one.X - other.X) + Math.Abs(one.Y - other.Y) > 0.001, $"{one} {other}"));
    }

    [Fact]
    public void Proposals_keep_constraints_and_conditions()
    {
        var mixed = FunctionRegistry.Get("mixed");
        var wide = new Constraint("width >= batch", new Expression.Compare(Comparison.GreaterOrEqual, new Expression.Name("width"), new Expression.Name("batch")));
        var race = new Race(mixed, new BayesSearch(mixed.Space, [wide], 2));
        race.Regret(25);
        Assert.All(race.Observations, observation =>
        {
            Assert.True(wide.Holds(observation.Configuration));
            Assert.Equal(observation.Configuration["optimizer"] is Value.Text { Content: "momentum" }, observation.Configuration["momentum"] is not null);
        });
    }

    [Fact]
    public void A_small_space_is_used_up_without_repetition()
    {
        var ones = new CountingOnes("ones", 1);
        var space = new SearchSpace([ones.Space.Find("c1")!, ones.Space.Find("c1")! with { Name = "c2" }, .. Levels("x1")]);
        var race = new Race(new Sum(space), new BayesSearch(space, [], 2));
        race.Regret(23);
        Assert.Equal(23, race.Observations.Select(observation => observation.Configuration).Distinct().Count());
    }

    private static IEnumerable<Parameter> Levels(string name) => [new(name, new IntUniform(1, 6), new Dictionary<string, IReadOnlyList<Value>>())];

    private sealed class Sum(SearchSpace space) : ClosedForm("sum", space, Goal.Minimize, 1)
    {
        public override double Value(Configuration configuration, FidelityLevel level, ulong seed) => configuration.Sum(pair => pair.Value.AsDouble()!.Value);
    }

    private static SequenceSearch Random(SearchSpace space, ulong seed) => new(space, [], new RandomSequence(seed));

    private static BayesSearch Bayes(SearchSpace space, ulong seed) => new(space, [], seed);
}
