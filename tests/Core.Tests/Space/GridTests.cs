using Core.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Core.Space;
using static Core.Tests.Support.Parameters;

namespace Core.Tests.Space;

public class GridTests
{
    private static readonly SweepSpec conditional = Spec(
        Choice("optimizer", "sgd", "momentum", "adam"),
        Choice("beta1", 0.8, 0.9).When("optimizer", "adam"),
        Choice("momentum", 0.5, 0.9, 0.99).When("optimizer", "momentum"),
        Integer("layers", 1, 3),
        Choice("width_of_third", 8, 16).When("layers", 3).When("optimizer", "adam", "momentum"));

    private static SweepSpec Spec(params IEnumerable<Parameter> parameters) => MachineBench.Spec() with { Method = SearchMethod.Grid, Space = SpaceOf(parameters) };

    private static List<Configuration> All(SweepSpec spec)
    {
        var search = SearchFactory.Create(spec);
        var all = new List<Configuration>();
        while (search.Propose(all.Count, 0, NoHistory.Instance) is { Configuration: var next })
            all.Add(next);
        return all;
    }

    [Fact]
    public void Names_are_sorted_and_the_last_varies_fastest() => Assert.Equal(
        ["a=1 b=x", "a=1 b=y", "a=2 b=x", "a=2 b=y"],
        All(Spec(Choice("b", "x", "y"), Integer("a", 1, 2))).Select(configuration => configuration.ToString()));

    [Fact]
    public void Every_level_of_nesting_is_sorted_by_itself() => Assert.Equal(
        ["a-b=1 a.z=3", "a-b=2 a.z=3", "a-b=1 a.z=4", "a-b=2 a.z=4"],
        All(Spec(Choice("a-b", 1, 2), Choice("a.z", 3, 4))).Select(configuration => configuration.ToString()));

    [Fact]
    public void Every_configuration_of_a_conditional_grid_comes_once()
    {
        var all = All(conditional);

        // sgd 3 · momentum 3 × (1 + 1 + 2) · adam 2 × (1 + 1 + 2)
        Assert.Equal(3 + 12 + 8, all.Count);
        Assert.Equal(all.Count, all.Distinct().Count());
        Assert.All(all, configuration =>
        {
            Assert.Equal(configuration["optimizer"]!.ToString() == "adam", configuration["beta1"] is not null);
            Assert.Equal(configuration["optimizer"]!.ToString() != "sgd" && configuration["layers"]!.ToString() == "3", configuration["width_of_third"] is not null);
        });
    }

    [Fact]
    public void A_shuffled_grid_has_the_same_points_in_an_order_of_its_seed() => Prop.ForAll<ushort>(seed =>
    {
        var plain = All(conditional);
        var shuffled = All(conditional with { Shuffle = true, Seed = seed });

        Assert.Equal(plain.ToHashSet(), shuffled.ToHashSet());
        Assert.Equal(plain.Count, shuffled.Count);
        Assert.Equal(shuffled, All(conditional with { Shuffle = true, Seed = seed }));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Different_seeds_shuffle_differently() =>
        Assert.NotEqual(All(conditional with { Shuffle = true, Seed = 1 }), All(conditional with { Shuffle = true, Seed = 2 }));

    [Fact]
    public void A_million_million_points_cost_nothing()
    {
        var spec = Spec(Enumerable.Range(0, 12).Select(i => Integer($"p{i:00}", 0, 9)));
        var search = SearchFactory.Create(spec);
        var grid = new GridSpace(spec.Space);

        Assert.Equal(1_000_000_000_000, search.Size);
        Assert.Equal("123456789012", string.Concat(grid[123456789012].Select(pair => pair.Value)));
        Assert.Equal("000000000007", string.Concat(search.Propose(7, 0, NoHistory.Instance)!.Configuration.Select(pair => pair.Value)));
    }

    [Fact]
    public void Counts_beyond_64_bits_stay_at_the_limit()
    {
        var grid = new GridSpace(SpaceOf(Enumerable.Range(0, 30).Select(i => Integer($"p{i:00}", 0, 9))));

        Assert.Equal(long.MaxValue, grid.Size);
        Assert.EndsWith("0123456789", string.Concat(grid[123456789].Select(pair => pair.Value)), StringComparison.Ordinal);
    }

    [Fact]
    public void Constraints_leave_points_out() => Assert.Equal(
        ["a=1 b=3", "a=2 b=2", "a=2 b=3", "a=3 b=1", "a=3 b=2", "a=3 b=3"],
        All(Spec(Integer("a", 1, 3), Integer("b", 1, 3)) with { Constraints = [Compare(new Expression.Arithmetic('+', Name("a"), Name("b")), Comparison.GreaterOrEqual, 4)] })
            .Select(configuration => configuration.ToString()));

    [Fact]
    public void A_part_of_the_grid_that_breaks_a_constraint_is_skipped_whole()
    {
        // The first point that satisfies the constraint comes after 700 parts of a thousand million points.
        var search = SearchFactory.Create(
            Spec(Integer("a", 0, 999), Integer("b", 0, 999_999_999)) with { Constraints = [Compare(Name("a"), Comparison.Equal, 700)] });

        Assert.Equal("a=700 b=2", search.Propose(2, 0, NoHistory.Instance)!.Configuration.ToString());
    }

    [Fact]
    public void A_shuffled_grid_keeps_its_constraints()
    {
        var all = All(Spec(Integer("a", 1, 30), Integer("b", 1, 30)) with
        {
            Shuffle = true,
            Constraints = [Compare(new Expression.Arithmetic('*', Name("a"), Name("b")), Comparison.Equal, 36)],
        });

        Assert.Equal(["12", "18", "2", "3", "4", "6", "9"], all.Select(configuration => configuration["a"]!.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_repeated_attempt_takes_the_next_point_and_ends_with_the_grid()
    {
        var search = SearchFactory.Create(Spec(Integer("a", 1, 3)));

        Assert.Equal("a=3", search.Propose(1, 1, NoHistory.Instance)!.Configuration.ToString());
        Assert.Null(search.Propose(1, 2, NoHistory.Instance));
    }

    [Fact]
    public void A_permutation_is_a_bijection() => Prop.ForAll<ushort, ulong>((size, seed) =>
    {
        var permutation = new Permutation(seed, size + 1);

        Assert.Equal(size + 1, Enumerable.Range(0, size + 1).Select(n => permutation[n]).Distinct().Count());
    }).QuickCheckThrowOnFailure();
}
