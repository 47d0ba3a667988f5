using Sweeps.Core;
using Sweeps.Training.Functions;
using static Core.Tests.Support.Point;

namespace Runtime.Tests.Training;

public class FunctionTests
{
    private static readonly FidelityLevel Half = new(1, 2, Fidelity.Linear);

    public static TheoryData<string, double[], double, double> Golden => new()
    {
        { "hartmann3", [0.5, 0.5, 0.5], 1, -0.6280220150705942 },
        { "hartmann6", [0.5, 0.5, 0.5, 0.5, 0.5, 0.5], 1, -0.5053149917022333 },
        { "hartmann3", [0.25, 0.5, 0.75], 0.5, -2.9226634111990615 },
        { "branin", [-Math.PI, 12.275], 0.5, 0.46549973434846237 },
        { "branin", [-Math.PI, 12.275], 0.11, 0.577400411808501 },
        { "branin", [2.5, 7.5], 1, 24.129964413622268 },
        { "branin", [2.5, 7.5], 0.5, 23.28288136742079 },
        { "currin", [0.5, 0.5], 1, 7.405123913298809 },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void Functions_have_their_published_values(string name, double[] x, double z, double expected)
    {
        var level = new FidelityLevel((int)(100 * z), 100, Fidelity.Linear);
        Assert.Equal(expected, FunctionRegistry.Get(name).Value(Vector(x), level, 0), 1e-12);
    }

    [Fact]
    public void A_biased_hartmann_and_a_low_currin_have_their_published_values()
    {
        Assert.Equal(-2.6144499807258077, Hartmann.At([0.25, 0.5, 0.75], 0.5, 0.5), 1e-12);
        Assert.Equal(7.442479583871107, Currin.Low(0.5, 0.5), 1e-12);
    }

    [Fact]
    public void Optima_lie_where_they_are_said_to_lie()
    {
        AssertOptimum("hartmann3", Vector(0.114614, 0.555649, 0.852547), 1e-9);
        AssertOptimum("hartmann6", Vector(0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573), 1e-9);
        AssertOptimum("branin", Vector(Math.PI, 2.275), 1e-12);
        AssertOptimum("currin", Vector(13.0 / 60, 0), 1e-12);
        AssertOptimum("mixed", Of(("optimizer", "adam"), ("lr", 1e-3), ("batch", 32), ("width", 256), ("dropout", 0.2)), 1e-12);
        AssertOptimum("learning_curves", Vector(0.3, 0.7), double.PositiveInfinity);
    }

    [Fact]
    public void Mixed_has_its_published_values()
    {
        var momentum = Of(("optimizer", "momentum"), ("lr", 0.01), ("batch", 64), ("width", 128), ("dropout", 0.1), ("momentum", 0.5));
        var rmsprop = Of(("optimizer", "rmsprop"), ("lr", 1e-4), ("batch", 16), ("width", 64), ("dropout", 0.5));
        Assert.Equal(0.17161111111111, new Mixed().Value(momentum, FidelityLevel.Full, 0), 1e-13);
        Assert.Equal(0.23744444444444, new Mixed().Value(rmsprop, FidelityLevel.Full, 0), 1e-13);
    }

    [Fact]
    public void Height_has_its_published_values()
    {
        var (broad, tall) = (Of(("width", 20.0), ("height", 0.0)), Of(("width", 5.0), ("height", 3.0)));
        Assert.Equal(0.5263157894736842, new Height().Value(broad, new FidelityLevel(10, 27, Fidelity.Linear), 0), 1e-15);
        Assert.Equal(6.966666666666666, new Height().Value(tall, new FidelityLevel(2, 27, Fidelity.Linear), 0), 1e-14);
    }

    [Fact]
    public void Counting_ones_is_exact_at_full_budget_and_close_below()
    {
        var half = new CountingOnes("counting", 1);
        var point = Of(("c1", 1), ("x1", 0.25));
        Assert.Equal(-1.25, half.Value(point, FidelityLevel.Full, 3));
        Assert.Equal(-1.25, half.Value(point, Half, 3), 0.02);
        Assert.NotEqual(-1.25, half.Value(point, Half, 3));
        Assert.Equal(-16, FunctionRegistry.Get("counting_ones").Optimum);
    }

    [Theory]
    [InlineData(CurveFamily.Power, 2, 0.2757396449704142)]
    [InlineData(CurveFamily.Exponential, 0.5, 0.28)]
    [InlineData(CurveFamily.Logarithmic, 1.02, 0.21674108978969)]
    [InlineData(CurveFamily.Hill, 1.5, 0.25981308411215)]
    public void Learning_curves_have_their_published_values(CurveFamily family, double alpha, double expected)
    {
        var curve = new Curve(family, alpha, Precision: 100, Saturation: 0.8);
        Assert.Equal(expected, curve.At(0.2, 1, 0.2), 1e-13);
        Assert.Equal(0.208, curve.At(0.8, 1, 0.2), 1e-13);
        Assert.Equal(1, curve.At(0, 1, 0.2), 1e-13);
    }

    [Fact]
    public void Drawn_learning_curves_are_finite_start_high_and_some_cross()
    {
        var curves = Enumerable.Range(0, 200).Select(i => CurveMixture.Draw(new SplitMix64((ulong)i))).ToArray();
        foreach (var curve in curves)
        {
            Assert.Equal(1, curve.At(0, 1, 0.1), 1e-9);
            Assert.All(Enumerable.Range(1, 50), e => Assert.InRange(curve.At(e / 50.0, 1, 0.1), 0.1 - 1e-9, 1 + 1e-9));
        }
        Assert.Contains(curves, curve => curve.At(1, 1, 0.1) > curve.At(0.5, 1, 0.1) + 0.01);
    }

    [Fact]
    public void Noise_depends_on_seed_and_epoch_only_and_costs_add_up()
    {
        var function = FunctionRegistry.Get("hartmann6");
        var point = Vector(0.1, 0.2, 0.3, 0.4, 0.5, 0.6);
        var levels = Enumerable.Range(1, 27).Select(e => new FidelityLevel(e, 27, Fidelity.Linear)).ToArray();
        var noisy = levels.Select(level => function.Evaluate(point, level, 5, 0.1).Value).ToArray();
        Assert.Equal(noisy, levels.Select(level => function.Evaluate(point, level, 5, 0.1).Value));
        Assert.Equal(27, noisy.Distinct().Count());
        Assert.NotEqual(noisy[3], function.Evaluate(point, levels[3], 6, 0.1).Value);
        Assert.Equal(function.Cost(1), levels.Sum(level => function.Evaluate(point, level, 5).Cost), 1e-12);
    }

    [Fact]
    public void Every_function_can_be_evaluated_at_every_corner_of_its_space()
    {
        foreach (var function in FunctionRegistry.Names.Select(FunctionRegistry.Get))
            for (var u = 0.01; u < 1; u += 0.07)
            {
                var point = function.Space.Assemble(parameter => parameter.Distribution.Quantile(u));
                for (var epoch = 1; epoch <= 9; epoch++)
                    Assert.True(double.IsFinite(function.Value(point, new FidelityLevel(epoch, 9, Fidelity.Logarithmic), 1)), function.Name);
                Assert.True(function.Regret(function.Value(point, FidelityLevel.Full, 1)) > -1e-9 || function is Height or SyntheticCurves, function.Name);
            }
    }

    [Fact]
    public void A_missing_parameter_and_an_unknown_function_are_named()
    {
        Assert.Contains("'x2'", Assert.Throws<ArgumentException>(() => new Branin().Value(Of(("x1", 1.0)), FidelityLevel.Full, 0)).Message, StringComparison.Ordinal);
        Assert.Contains("branin", Assert.Throws<ArgumentException>(() => FunctionRegistry.Get("bronin")).Message, StringComparison.Ordinal);
    }

    private static void AssertOptimum(string name, Configuration at, double tolerance)
    {
        var function = FunctionRegistry.Get(name);
        Assert.InRange(function.Regret(function.Value(at, FidelityLevel.Full, 0)), -1e-9, tolerance);
    }
}
