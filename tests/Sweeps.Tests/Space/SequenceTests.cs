using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Core.Space;
using Sweeps.Files;

namespace Sweeps.Tests.Space;

public class SequenceTests
{
    private static readonly SearchSpace Cube = new([.. Enumerable.Range(0, 50).Select(i =>
        new Parameter($"p{i:00}", new Uniform(0, 1), new Dictionary<string, IReadOnlyList<Value>>()))]);

    private static SweepSpec Spec(string method, string more) =>
        SweepFile.Parse($"method: {method}\n{more}", "x.yaml").Spec;

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

    [Theory]
    [InlineData("random")]
    [InlineData("sobol")]
    [InlineData("halton")]
    public void Points_depend_on_the_seed_and_keep_their_constraints(string method)
    {
        const string Space = "parameters: {a: {min: 0.0, max: 1.0}, b: {min: 0.0, max: 1.0}}\nconstraints: [a + b < 0.5]";
        List<Configuration> Draw(int seed)
        {
            var search = SearchFactory.Create(Spec(method, $"seed: {seed}\n{Space}"));
            return [.. Enumerable.Range(0, 50).Select(n => search.Propose(n, 0, NoHistory.Instance)!.Configuration)];
        }

        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));
        Assert.All(Draw(1), configuration => Assert.True(configuration["a"]!.AsDouble() + configuration["b"]!.AsDouble() < 0.5));
    }

    [Fact]
    public void Constraints_that_nothing_fulfils_end_the_search() =>
        Assert.Null(SearchFactory.Create(Spec("random", "parameters: {a: {min: 0.0, max: 1.0}}\nconstraints: [a > 2]")).Propose(0, 0, NoHistory.Instance));

    [Fact]
    public void Another_parameter_or_a_condition_shifts_nothing()
    {
        var few = SearchFactory.Create(Spec("random", "parameters: {b: {min: 0.0, max: 1.0}}"));
        var more = SearchFactory.Create(Spec("random", "parameters: {a: {values: [1, 2]}, b: {min: 0.0, max: 1.0}, c: {when: {a: 1}, values: [3, 4]}}"));

        Assert.All(Enumerable.Range(0, 20), n => Assert.Equal(few.Propose(n, 0, NoHistory.Instance)!.Configuration["b"], more.Propose(n, 0, NoHistory.Instance)!.Configuration["b"]));
    }
}
