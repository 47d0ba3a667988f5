using Sweeps.Core;
using Sweeps.Core.Space;

namespace Core.Tests.Space;

public class DistributionTests
{
    private static double At(Distribution distribution, double u) => distribution.Quantile(u).AsDouble()!.Value;

    [Fact]
    public void Integers_reach_both_ends_and_nothing_else()
    {
        var drawn = Enumerable.Range(0, 1000).Select(i => At(new IntUniform(2, 5), i / 1000.0)).Distinct();

        Assert.Equal([2, 3, 4, 5], drawn);
        Assert.Equal(5, At(new IntUniform(2, 5), 1 - 1.0 / (1UL << 53)));
    }

    [Fact]
    public void Quantised_uniform_is_clipped_to_its_limits()
    {
        var drawn = Enumerable.Range(0, 1000).Select(i => At(new Quantized(new Uniform(1, 11), 4, Integer: true), i / 1000.0)).Distinct();

        Assert.Equal([1, 4, 8, 11], drawn);
    }

    [Fact]
    public void Quantised_log_uniform_never_gives_0() =>
        Assert.Equal(1e-4, At(new Quantized(LogUniform.OfValues(1e-4, 0.1), 0.01, Integer: false), 0));

    [Fact]
    public void Quantised_values_are_rounded_to_12_digits() =>
        Assert.Equal(0.3, At(new Quantized(new Uniform(0, 1), 0.1, Integer: false), 0.3));

    [Fact]
    public void An_integer_q_gives_integers() =>
        Assert.Equal(new Value.Integer(16), new Quantized(new Uniform(0, 32), 8, Integer: true).Quantile(0.5));

    [Fact]
    public void Halves_round_to_even()
    {
        var quantized = new Quantized(new Uniform(0, 4), 1, Integer: true);

        Assert.Equal([0, 2, 2, 4], new[] { 0.5, 1.5, 2.5, 3.5 }.Select(x => At(quantized, x / 4)));
    }

    [Fact]
    public void Probabilities_decide_and_rounding_leaves_the_last_possible_value()
    {
        var weighted = new CategoricalWithProbabilities(
            [new Value.Integer(1), new Value.Integer(2), new Value.Integer(3)], [0.3, 0.699999, 0]);

        Assert.Equal([1, 2, 2], new[] { 0.2999, 0.3, 0.9999999 }.Select(u => At(weighted, u)));
    }

    [Theory]
    [InlineData(0.5, 3)]
    [InlineData(0.975, 3 + 2 * 1.9599639845400545)]
    [InlineData(0.001, 3 - 2 * 3.090232306167813)]
    public void Normal_has_the_quantiles_of_the_tables(double u, double expected) => Assert.Equal(expected, At(new Gaussian(3, 2), u), 1e-12);

    [Fact]
    public void Log_normal_is_the_exponential_of_normal() => Assert.Equal(Math.Exp(1 + 0.5 * 1.9599639845400545), At(new LogGaussian(1, 0.5), 0.975), 1e-11);

    [Theory]
    [InlineData(1, 1, 0.25, 0.25)]
    [InlineData(3, 1, 0.008, 0.2)]
    [InlineData(0.1, 1, 0.5, 0.0009765625)]
    [InlineData(2, 2, 0.5, 0.5)]
    [InlineData(2, 5, 0.5, 0.26444998329566005)]
    public void Beta_has_the_quantiles_of_the_closed_forms(double a, double b, double u, double expected) =>
        Assert.Equal(expected, At(new BetaShaped(a, b), u), expected * 1e-12);

    [Fact]
    public void Exponents_give_the_same_values_as_limits()
    {
        Assert.Equal(At(LogUniform.OfValues(Math.Exp(-5), Math.Exp(-1)), 0.3), At(LogUniform.OfExponents(-5, -1), 0.3), 1e-15);
        Assert.Equal(Math.Exp(-(1 + 0.7 * 4)), At(LogUniform.OfInverseExponents(1, 5), 0.3), 1e-15);
    }

    [Fact]
    public void A_grid_of_quantised_steps_leaves_the_maximum_out_and_counts_in_decimal()
    {
        var steps = new Quantized(new Uniform(1, 1.3), 0.1, Integer: false);

        Assert.Equal(3, steps.GridSize);
        Assert.Equal([1, 1.1, 1.2], Enumerable.Range(0, 3).Select(i => steps.GridValue(i).AsDouble()!.Value));
    }

    [Theory]
    [InlineData(0, 1e10, 1e-10, long.MaxValue)]
    [InlineData(-1e15, 1e15, 1e-15, long.MaxValue)]
    [InlineData(0, 10, 1e30, 1L)]
    [InlineData(0, 10, 10, 1L)]
    public void A_grid_of_too_many_steps_saturates_and_one_of_a_too_large_step_has_one_point(double min, double max, double q, long size)
    {
        var steps = new Quantized(new Uniform(min, max), q, Integer: false);

        Assert.Equal(size, steps.GridSize);
        Assert.Equal(min, steps.GridValue(0).AsDouble());
    }

    [Fact]
    public void A_grid_takes_equal_values_once()
    {
        var choice = new Categorical([new Value.Integer(3), new Value.Number(3), new Value.Text("3"), new Value.Boolean(true)]);

        Assert.Equal(3, choice.GridSize);
    }

    [Fact]
    public void A_falsy_value_is_a_value()
    {
        var choice = new Categorical([new Value.Integer(1), new Value.Integer(0), new Value.Text("")]);

        Assert.Equal([new Value.Integer(1), new Value.Integer(0), new Value.Text("")], new[] { 0, 0.4, 0.9 }.Select(choice.Quantile));
    }
}
