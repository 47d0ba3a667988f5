using MathNet.Numerics.LinearAlgebra;
using Sweeps.Core;
using Sweeps.Core.Search.Bayes;
using Sweeps.Training.Functions;

namespace Core.Tests.Search;

public class GaussianProcessTests
{
    [Theory]
    [InlineData(-25, -319.861463581, 1e-8)]
    [InlineData(0, -0.9189385332046727, 1e-14)]
    [InlineData(-24.999999, -319.861438502, 1e-7)]
    [InlineData(-50, -1258.744, 1e-2)]
    [InlineData(3, 1.0987396653277, 1e-12)]
    public void The_logarithm_of_the_improvement_is_exact_far_out(double z, double expected, double tolerance) =>
        Assert.Equal(expected, ExpectedImprovement.LogUnit(z), tolerance);

    [Theory]
    [InlineData(0.3, 0.5, 0.1)]
    [InlineData(5, 0.1, 0.1)]
    [InlineData(-2, 0.5, 0.1)]
    public void The_slopes_of_the_improvement_are_its_derivatives(double mean, double deviation, double best)
    {
        const double Step = 1e-6;
        var (byMean, byDeviation) = ExpectedImprovement.Slopes(mean, deviation, best);
        var numericMean = (ExpectedImprovement.Log(mean + Step, deviation, best) - ExpectedImprovement.Log(mean - Step, deviation, best)) / (2 * Step);
        var numericDeviation = (ExpectedImprovement.Log(mean, deviation + Step, best) - ExpectedImprovement.Log(mean, deviation - Step, best)) / (2 * Step);
        Assert.Equal(1, byMean / numericMean, 1e-4);
        Assert.Equal(1, byDeviation / numericDeviation, 1e-4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(33)]
    public void A_factor_inverts_its_matrix(int n)
    {
        var random = new SplitMix64((ulong)n);
        var root = Matrix<double>.Build.Dense(n, n, (_, _) => random.NextDouble());
        var matrix = root * root.Transpose() + Matrix<double>.Build.DenseIdentity(n);
        var factor = CholeskyFactor.Of(matrix.ToRowMajorArray(), n)!;
        Assert.Equal(Math.Log(matrix.Determinant()) / 2, factor.LogDeterminant, 1e-10);
        var (right, half, solved) = (new double[n], new double[n], new double[n]);
        for (var i = 0; i < n; i++)
            right[i] = random.NextDouble();
        factor.Forward(right, half);
        factor.Backward(half, solved);
        var expected = matrix.Solve(Vector<double>.Build.Dense(right));
        Assert.All(Enumerable.Range(0, n), i => Assert.Equal(expected[i], solved[i], 1e-9));
        Assert.Equal(matrix.Inverse()[n - 1, n / 2], factor.Inverse(n - 1, n / 2), 1e-9);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(33)]
    public void A_factor_that_is_extended_has_the_same_bits(int shared)
    {
        const int N = 33;
        var random = new SplitMix64(9);
        var root = Matrix<double>.Build.Dense(N, N, (_, _) => random.NextDouble());
        var matrix = root * root.Transpose() + Matrix<double>.Build.DenseIdentity(N);
        var known = CholeskyFactor.Of(matrix.SubMatrix(0, shared, 0, shared).ToRowMajorArray(), shared);
        var extended = matrix.Clone();
        if (shared > 0)
            extended.ClearSubMatrix(0, shared, 0, N);
        var (whole, grown) = (CholeskyFactor.Of(matrix.ToRowMajorArray(), N)!, CholeskyFactor.Of(extended.ToRowMajorArray(), N, known, shared)!);
        Assert.Equal(whole.LogDeterminant, grown.LogDeterminant);
        Assert.Equal(whole.InverseRows(), grown.InverseRows());
    }

    [Theory]
    [InlineData("branin", 1, 1)]
    [InlineData("branin", 22, 11)]
    [InlineData("mixed", 37, 16)]
    public void Many_points_are_predicted_as_one_by_one(string function, int known, int asked)
    {
        var (cube, points, y) = Of(function, known + asked);
        var kernel = new KernelParameters([.. Enumerable.Range(1, cube.Dimensions).Select(j => (double)j)], 1.5, 0.01);
        var process = new GaussianProcess(cube, kernel, points[..known], y[..known]);
        foreach (var (x, (mean, deviation)) in points[known..].Zip(process.Predict(points[known..])))
        {
            var one = process.Predict(x);
            Assert.Equal(one.Mean, mean, 1e-10);
            Assert.Equal(one.Deviation, deviation, 1e-10);
        }
    }

    [Fact]
    public void A_process_that_goes_on_from_another_has_the_same_bits()
    {
        var (cube, points, y) = Branin(40);
        var kernel = new KernelParameters([3, 8], 2, 0.01);
        var before = new GaussianProcess(cube, kernel, points[..30], y[..30]);
        double[][] inserted = [.. points[..20], points[35], .. points[20..30]];
        double[] values = [.. y[..20], y[35], .. y[20..30]];
        foreach (var (at, now) in new[] { (points, y), (inserted, values), (points[..10], y[..10]) })
            Assert.Equal(new GaussianProcess(cube, kernel, at, now).Predict([0.31, 0.77]), new GaussianProcess(cube, kernel, at, now, before).Predict([0.31, 0.77]));
        var other = kernel with { Noise = 0.5 };
        Assert.Equal(new GaussianProcess(cube, other, points, y).Predict([0.31, 0.77]), new GaussianProcess(cube, other, points, y, before).Predict([0.31, 0.77]));
    }

    [Fact]
    public void A_kernel_fitted_to_a_share_of_many_results_explains_them_all()
    {
        var (cube, points, y) = Of("hartmann3", 260);
        var all = new MarginalLikelihood(cube, points, y);
        var best = new double[cube.Dimensions + 2];
        var bound = Enumerable.Repeat(15.0, best.Length).ToArray();
        new BoxMinimizer([.. bound.Select(x => -x)], bound, 100, 1e-2).Minimize(best, all.Negative);
        var kernel = MarginalLikelihood.Fit(cube, points, y);
        double[] fitted = [.. kernel.Weights.Select(weight => Math.Log(weight)), Math.Log(kernel.Amplitude), Math.Log(kernel.Noise - KernelParameters.MinNoise)];
        var (unfitted, gained, lost) = (Likelihood(new double[best.Length]), Likelihood(best), Likelihood(fitted));
        Assert.True(gained - lost < 0.05 * (gained - unfitted), $"{lost} of {gained}, from {unfitted}");

        double Likelihood(double[] at) => -all.Negative(at, new double[at.Length]);
    }

    [Fact]
    public void A_matrix_that_is_not_positive_definite_has_no_factor() => Assert.Null(CholeskyFactor.Of([1, 2, 2, 1], 2));

    [Fact]
    public void The_gradient_of_the_likelihood_is_its_derivative()
    {
        var (cube, points, y) = Branin(12);
        var likelihood = new MarginalLikelihood(cube, points, y);
        double[] at = [0.4, -0.7, 0.3, -3];
        var gradient = new double[4];
        likelihood.Negative(at, gradient);
        for (var i = 0; i < at.Length; i++)
        {
            const double Step = 1e-5;
            var (up, down) = ((double[])at.Clone(), (double[])at.Clone());
            up[i] += Step;
            down[i] -= Step;
            var numeric = (likelihood.Negative(up, new double[4]) - likelihood.Negative(down, new double[4])) / (2 * Step);
            Assert.Equal(numeric, gradient[i], 1e-5 * (1 + Math.Abs(numeric)));
        }
    }

    [Fact]
    public void A_fit_passes_through_its_points_and_is_unsure_between_them()
    {
        var (cube, points, y) = Branin(40);
        var process = new GaussianProcess(cube, MarginalLikelihood.Fit(cube, points, y), points, y);
        foreach (var (point, value) in points.Zip(y))
        {
            var (mean, deviation) = process.Predict(point);
            Assert.Equal(value, mean, 0.02);
            Assert.InRange(deviation, 0, 0.02);
        }
        Assert.True(process.Predict([0.999, 0.001]).Deviation > process.Predict(points[3]).Deviation);
    }

    [Fact]
    public void The_gradients_of_a_prediction_are_its_derivatives()
    {
        var (cube, points, y) = Branin(20);
        var process = new GaussianProcess(cube, new KernelParameters([3, 8], 2, 0.01), points, y);
        var (byMean, byDeviation) = (new double[2], new double[2]);
        process.Predict([0.31, 0.77], byMean, byDeviation);
        const double Step = 1e-6;
        var (up, down) = (process.Predict([0.31 + Step, 0.77]), process.Predict([0.31 - Step, 0.77]));
        Assert.Equal((up.Mean - down.Mean) / (2 * Step), byMean[0], 1e-6);
        Assert.Equal((up.Deviation - down.Deviation) / (2 * Step), byDeviation[0], 1e-6);
    }

    [Fact]
    public void The_minimizer_finds_minima_inside_and_on_the_bounds()
    {
        double[] free = [-1.2, 1];
        new BoxMinimizer([-5, -5], [5, 5], 200, 1e-8).Minimize(free, Rosenbrock);
        Assert.All(free, x => Assert.Equal(1, x, 1e-5));
        double[] held = [-1.2, 1];
        new BoxMinimizer([-5, -5], [0.5, 5], 200, 1e-8).Minimize(held, Rosenbrock);
        Assert.Equal(0.5, held[0]);
        Assert.Equal(0.25, held[1], 1e-6);
    }

    private static double Rosenbrock(ReadOnlySpan<double> x, Span<double> gradient)
    {
        var (valley, slope) = (x[1] - x[0] * x[0], 1 - x[0]);
        gradient[0] = -400 * x[0] * valley - 2 * slope;
        gradient[1] = 200 * valley;
        return 100 * valley * valley + slope * slope;
    }

    private static (UnitCube Cube, double[][] Points, double[] Y) Branin(int count) => Of("branin", count);

    private static (UnitCube Cube, double[][] Points, double[] Y) Of(string name, int count)
    {
        var function = FunctionRegistry.Get(name);
        var cube = new UnitCube(function.Space);
        var random = new SplitMix64(3);
        var configurations = Enumerable.Range(0, count)
            .Select(_ => function.Space.Assemble(parameter => parameter.Distribution.Quantile(random.NextDouble()))).ToArray();
        var values = Array.ConvertAll(configurations, configuration => function.Value(configuration, FidelityLevel.Full, 0));
        var (mean, deviation) = (values.Average(), Math.Sqrt(values.Average(value => Math.Pow(value - values.Average(), 2))));
        return (cube, Array.ConvertAll(configurations, cube.Point), Array.ConvertAll(values, value => (value - mean) / deviation));
    }
}
