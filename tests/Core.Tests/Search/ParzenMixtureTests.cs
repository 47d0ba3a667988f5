using Sweeps.Core.Search;
using Sweeps.Core;
using Sweeps.Core.Search.Tpe;
using Sweeps.Core.Space;

namespace Core.Tests.Search;

/// <summary>Golden values of docs/search.md, 3: Optuna's own estimator.</summary>
public class ParzenMixtureTests
{
    private static readonly Distribution Unit = new Uniform(0, 1);
    private static readonly Distribution Letters = new Categorical([new Value.Text("a"), new Value.Text("b"), new Value.Text("c")]);

    public static TheoryData<string, double[], double[], double[]> Golden => new()
    {
        { "unit", [0.2, 0.5, 0.9], [0, 0.1, 0.5, 0.95, 1], [-0.266082497153, -0.0914608753286, 0.10038905108, -0.16871026095, -0.223862933197] },
        { "unit", [0.2], [0.2, 0.8], [0.0626052913281, -0.0772101164872] },
        { "unit", [], [0.2, 0.8], [-0.00402219950905, -0.00402219950905] },
        { "unit", [0.5, 0.5], [0.5, 0.6], [0.3796925823, 0.318025803716] },
        { "log", [1e-4, 1e-3, 1e-1], [1e-5, 1e-4, 1e-2, 1], [-2.6236956046, -2.22282713455, -2.49211323348, -2.85352326102] },
        { "int", [1, 4, 8], [1, 4, 5, 10], [-2.16637941847, -2.15635649333, -2.21805149966, -2.71590102147] },
        { "log int", [16, 64, 256], [8, 16, 100, 512], [-3.81222397276, -4.26255865503, -5.93060833813, -7.96309119731] },
        { "step", [0, 0.25, 0.5], [0, 0.25, 1], [-1.32207198674, -1.1967331067, -2.7326969017] },
        { "letters", [0, 2, 2], [0, 1, 2], [-1.09861228867, -1.6582280766, -0.741937344729] },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void One_parameter_has_the_golden_densities(string space, double[] observed, double[] at, double[] expected)
    {
        Distribution distribution = space switch
        {
            "unit" => Unit,
            "log" => LogUniform.OfValues(1e-5, 1),
            "int" => new IntUniform(1, 10),
            "log int" => new Quantized(LogUniform.OfValues(8, 512), 1, Integer: true),
            "step" => new Quantized(new Uniform(0, 1), 0.25, Integer: false),
            _ => Letters,
        };
        var axis = ParameterAxis(distribution);
        var mixture = new ParzenMixture([axis], [Array.ConvertAll(observed, x => Coordinate(axis, x))]);
        Assert.All(at.Zip(expected), pair => Assert.Equal(pair.Second, mixture.LogDensity([Coordinate(axis, pair.First)]), 2e-11));
    }

    [Fact]
    public void Two_parameters_have_the_golden_joint_densities()
    {
        var mixture = new ParzenMixture([ParameterAxis(Unit), ParameterAxis(Letters)], [[0.2, 0.5, 0.9], [0, 2, 2]]);
        Assert.Equal(-0.799536931976, mixture.LogDensity([0.2, 0]), 2e-11);
        Assert.Equal(-1.6646365991, mixture.LogDensity([0.9, 0]), 2e-11);
        Assert.Equal(-0.644398092066, mixture.LogDensity([0.9, 2]), 2e-11);
    }

    [Fact]
    public void Bandwidths_are_the_larger_gaps_within_limits()
    {
        AssertClose([0.3, 0.4, 0.4, 1], Bandwidths.Of([0.2, 0.5, 0.9], 0, 1));
        AssertClose([0.8, 1], Bandwidths.Of([0.2], 0, 1));
        AssertClose([0.25, 0.25, 1], Bandwidths.Of([0.5, 0.5], 0, 1));
        AssertClose([3, 4, 4, 10], Bandwidths.Of([1, 4, 8], 0.5, 10.5));
        Assert.Equal(0.01, Bandwidths.Of(Enumerable.Range(0, 1000).Select(i => i / 999.0).ToArray(), 0, 1)[500], 1e-12);
    }

    [Fact]
    public void Old_observations_weigh_less()
    {
        Assert.All(ParzenMixture.Weights(25), weight => Assert.Equal(1, weight));
        Assert.Equal(1.0 / 26, ParzenMixture.Weights(26)[0]);
        AssertClose([1.0 / 30, 0.275, 0.516666666666667, 0.758333333333333, 1, 1], ParzenMixture.Weights(30)[..6]);
        Assert.Equal(31, ParzenMixture.Weights(30).Length);
    }

    [Fact]
    public void Samples_follow_the_density()
    {
        var axes = new[] { ParameterAxis(new IntUniform(1, 10)), ParameterAxis(Letters) };
        var mixture = new ParzenMixture(axes, [[1, 4, 8], [0, 2, 2]]);
        var random = new SplitMix64(1);
        const int Draws = 200_000;
        var counts = new Dictionary<(double, double), int>();
        for (var i = 0; i < Draws; i++)
        {
            var point = mixture.Sample(ref random);
            counts[(point[0], point[1])] = counts.GetValueOrDefault((point[0], point[1])) + 1;
        }
        for (var x = 1; x <= 10; x++)
            for (var c = 0; c < 3; c++)
            {
                var expected = Math.Exp(mixture.LogDensity([x, c]));
                Assert.Equal(expected, (double)counts[(x, c)] / Draws, 5 * Math.Sqrt(expected / Draws));
            }
    }

    [Theory]
    [InlineData(0, -0.6931471805599453)]
    [InlineData(-10, -53.23128515051247)]
    [InlineData(-29.9, -451.32291245852855)]
    [InlineData(-31, -484.85396362717927)]
    [InlineData(-40, -804.6084420137538)]
    [InlineData(8, -6.220960574271786e-16)]
    public void The_logarithm_of_the_normal_distribution_is_exact_in_both_tails(double x, double expected) =>
        Assert.Equal(1, TruncatedNormal.LogCdf(x) / expected, 1e-12);

    [Fact]
    public void Masses_far_out_add_up()
    {
        var whole = TruncatedNormal.LogMass(-35, -33);
        var parts = Math.Exp(TruncatedNormal.LogMass(-35, -34) - whole) + Math.Exp(TruncatedNormal.LogMass(-34, -33) - whole);
        Assert.Equal(1, parts, 1e-11);
        Assert.Equal(TruncatedNormal.LogMass(-35, -33), TruncatedNormal.LogMass(33, 35), 1e-12);
        Assert.Equal(0, TruncatedNormal.LogMass(-50, 50), 1e-15);
    }

    private static ParameterAxis ParameterAxis(Distribution distribution) => new(new Parameter("p", distribution, new Dictionary<string, IReadOnlyList<Value>>()));

    private static double Coordinate(ParameterAxis axis, double x) =>
        axis.Parameter.Distribution is Categorical ? x : axis.Coordinate(new Value.Number(x))!.Value;

    private static void AssertClose(double[] expected, double[] actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
}
