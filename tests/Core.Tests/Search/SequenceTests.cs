using Core.Tests.Support;
using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Core.Space;
using static Core.Tests.Support.Parameters;

namespace Core.Tests.Search;

public class SequenceTests
{
    private static readonly SearchSpace Cube = SpaceOf(Enumerable.Range(0, 50).Select(i => Real($"p{i:00}")));

    private static SweepSpec Spec(SearchMethod method, params Parameter[] parameters) => MachineBench.Spec() with { Method = method, Space = SpaceOf(parameters) };

    [Theory]
    [InlineData(1UL)]
    [InlineData(99UL)]
    public void Any_256_points_of_Sobol_fill_256_cells_of_every_parameter(ulong seed)
    {
        var sobol = new SobolSequence(seed, Cube);

        Assert.All(Cube.Parameters, parameter =>
            Assert.Equal(256, Enumerable.Range(512, 256).Select(n => (int)(sobol.Draw(n, 0, parameter) * 256)).Distinct().Count()));
    }

    [Fact]
    public void The_first_two_parameters_of_Sobol_fill_every_elementary_box()
    {
        var sobol = new SobolSequence(7, Cube);
        var points = Enumerable.Range(0, 256).Select(n => (X: sobol.Draw(n, 0, Cube.Parameters[0]), Y: sobol.Draw(n, 0, Cube.Parameters[1]))).ToArray();

        Assert.All(Enumerable.Range(0, 9), k => Assert.Equal(
            256, points.Select(point => ((int)(point.X * (1 << k)), (int)(point.Y * (1 << (8 - k))))).Distinct().Count()));
    }

    [Fact]
    public void Halton_fills_the_cells_of_the_primes()
    {
        var halton = new HaltonSequence(3, Cube);

        Assert.All(new[] { (0, 2 * 2 * 2 * 2), (1, 3 * 3 * 3), (2, 5 * 5), (3, 7 * 7) }, pair => Assert.Equal(
            pair.Item2, Enumerable.Range(0, pair.Item2).Select(n => (int)(halton.Draw(n, 0, Cube.Parameters[pair.Item1]) * pair.Item2 + 1e-9)).Distinct().Count()));
    }

    [Fact]
    public void Points_depend_on_the_seed_and_satisfy_their_constraints()
    {
        var small = Compare(new Expression.Arithmetic('+', Name("a"), Name("b")), Comparison.Less, 0.5);
        foreach (var method in new[] { SearchMethod.Random, SearchMethod.Sobol, SearchMethod.Halton })
        {
            Assert.Equal(Draw(1), Draw(1));
            Assert.NotEqual(Draw(1), Draw(2));
            Assert.All(Draw(1), configuration => Assert.True(configuration["a"]!.AsDouble() + configuration["b"]!.AsDouble() < 0.5));

            List<Configuration> Draw(ulong seed)
            {
                var search = SearchFactory.Create(Spec(method, Real("a"), Real("b")) with { Seed = seed, Constraints = [small] });
                return [.. Enumerable.Range(0, 50).Select(n => search.Propose(n, 0, NoHistory.Instance)!.Configuration)];
            }
        }
    }

    [Fact]
    public void Constraints_that_nothing_satisfies_end_the_search() => Assert.Null(SearchFactory.Create(
        Spec(SearchMethod.Random, Real("a")) with { Constraints = [Compare(Name("a"), Comparison.Greater, 2)] }).Propose(0, 0, NoHistory.Instance));

    [Fact]
    public void Another_parameter_or_a_condition_shifts_nothing()
    {
        var few = SearchFactory.Create(Spec(SearchMethod.Random, Real("b")));
        var more = SearchFactory.Create(Spec(SearchMethod.Random, Choice("a", 1, 2), Real("b"), Choice("c", 3, 4).When("a", 1)));

        Assert.All(Enumerable.Range(0, 20), n => Assert.Equal(few.Propose(n, 0, NoHistory.Instance)!.Configuration["b"], more.Propose(n, 0, NoHistory.Instance)!.Configuration["b"]));
    }
}
