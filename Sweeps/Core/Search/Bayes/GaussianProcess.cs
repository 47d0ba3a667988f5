namespace Sweeps.Core.Search.Bayes;

/// <summary>
/// A Gaussian process conditioned on points: its mean and deviation anywhere, with gradients (Rasmussen and Williams 2006, 2.25).
/// </summary>
internal sealed class GaussianProcess
{
    private readonly UnitCube cube;
    private readonly KernelParameters kernel;
    private readonly double[][] columns;
    private readonly double[] distances;
    private readonly CholeskyFactor factor;
    private readonly double[] alpha;
    private readonly double[] covariances;
    private readonly double[] slopes;
    private readonly double[] half;
    private readonly double[] solved;

    /// <summary>
    /// Conditions on points with standardised values. Throws <see cref="ArithmeticException"/> when the kernel is not positive definite.
    /// </summary>
    public GaussianProcess(UnitCube cube, KernelParameters kernel, double[][] points, double[] y)
    {
        (this.cube, this.kernel) = (cube, kernel);
        var n = points.Length;
        columns = [.. Enumerable.Range(0, cube.Dimensions).Select(j => Array.ConvertAll(points, point => point[j]))];
        distances = new double[n];
        (covariances, slopes, half, solved, alpha) = (new double[n], new double[n], new double[n], new double[n], new double[n]);
        var matrix = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            Measure(points[i]);
            for (var k = 0; k < i; k++)
                matrix[i * n + k] = kernel.Amplitude * Matern.At(distances[k]);
            matrix[i * n + i] = kernel.Amplitude + kernel.Noise;
        }
        factor = CholeskyFactor.Of(matrix, n)
            ?? throw new ArithmeticException($"The kernel matrix of {n} results is not positive definite (noise {kernel.Noise}).");
        factor.Forward(y, half);
        factor.Backward(half, alpha);
    }

    /// <summary>Mean and standard deviation at a point, without noise.</summary>
    public (double Mean, double Deviation) Predict(ReadOnlySpan<double> x)
    {
        Measure(x);
        for (var i = 0; i < distances.Length; i++)
            covariances[i] = kernel.Amplitude * Matern.At(distances[i]);
        factor.Forward(covariances, half);
        return (Dense.Dot(covariances, alpha), Deviation());
    }

    /// <summary>The same, with the derivatives by every number among the coordinates (0 for categories).</summary>
    public (double Mean, double Deviation) Predict(ReadOnlySpan<double> x, Span<double> meanGradient, Span<double> deviationGradient)
    {
        Measure(x);
        for (var i = 0; i < distances.Length; i++)
        {
            covariances[i] = kernel.Amplitude * Matern.At(distances[i]);
            slopes[i] = kernel.Amplitude * Matern.Slope(distances[i]);
        }
        factor.Forward(covariances, half);
        factor.Backward(half, solved);
        var deviation = Deviation();
        for (var j = 0; j < x.Length; j++)
        {
            var (mean, variance) = (0.0, 0.0);
            for (var i = 0; i < slopes.Length; i++)
            {
                var slope = slopes[i] * (x[j] - columns[j][i]);
                mean += alpha[i] * slope;
                variance += solved[i] * slope;
            }
            var byNumber = cube.IsNumber(j) ? 2 * kernel.Weights[j] : 0;
            meanGradient[j] = byNumber * mean;
            deviationGradient[j] = -byNumber * variance / deviation;
        }
        return (Dense.Dot(covariances, alpha), deviation);
    }

    private double Deviation()
    {
        const double LeastVariance = 1e-12;
        return Math.Sqrt(Math.Max(LeastVariance, kernel.Amplitude - Dense.Dot(half, half)));
    }

    /// <summary>The squared distances Σ wⱼ·Δⱼ² from a point to all others.</summary>
    private void Measure(ReadOnlySpan<double> x)
    {
        Array.Clear(distances);
        for (var j = 0; j < x.Length; j++)
        {
            var (column, weight, at) = (columns[j], kernel.Weights[j], x[j]);
            if (cube.IsNumber(j))
                for (var i = 0; i < column.Length; i++)
                    distances[i] += weight * (column[i] - at) * (column[i] - at);
            else
                for (var i = 0; i < column.Length; i++)
                    distances[i] += column[i] == at ? 0 : weight;
        }
    }
}
