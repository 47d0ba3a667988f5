namespace Sweeps.Core.Search.Bayes;

/// <summary>
/// A Gaussian process conditioned on points: its mean and deviation anywhere, with gradients (Rasmussen and Williams 2006, 2.25).
/// </summary>
internal sealed class GaussianProcess
{
    private const double LeastVariance = 1e-12;

    private readonly UnitCube cube;
    private readonly KernelParameters kernel;
    private readonly double[][] points;
    private readonly double[][] columns;
    private readonly double[] distances;
    private readonly CholeskyFactor factor;
    private readonly double[] alpha;
    private readonly double[] covariances;
    private readonly double[] slopes;
    private readonly double[] half;
    private readonly double[] solved;
    private ProcessBlock? block;

    /// <summary>
    /// Conditions on points with standardised values. What begins with the same points under the same kernel as <paramref name="before"/> takes
    /// over that part of its factor. Throws <see cref="ArithmeticException"/> when the kernel is not positive definite.
    /// </summary>
    public GaussianProcess(UnitCube cube, KernelParameters kernel, double[][] points, double[] y, GaussianProcess? before = null)
    {
        (this.cube, this.kernel, this.points) = (cube, kernel, points);
        var n = points.Length;
        columns = [.. Enumerable.Range(0, cube.Dimensions).Select(j => Array.ConvertAll(points, point => point[j]))];
        distances = new double[n];
        (covariances, slopes, half, solved, alpha) = (new double[n], new double[n], new double[n], new double[n], new double[n]);
        var matrix = new double[n * n];
        var shared = Shared(before);
        for (var i = shared; i < n; i++)
        {
            Measure(points[i]);
            Matern.Fill(distances.AsSpan(0, i), kernel.Amplitude, matrix.AsSpan(i * n, i));
            matrix[i * n + i] = kernel.Amplitude + kernel.Noise;
        }
        factor = CholeskyFactor.Of(matrix, n, before?.factor, shared)
            ?? throw new ArithmeticException($"The kernel matrix of {n} results is not positive definite (noise {kernel.Noise}).");
        factor.Forward(y, half);
        factor.Backward(half, alpha);
    }

    /// <summary>Mean and standard deviation at a point, without noise.</summary>
    public (double Mean, double Deviation) Predict(ReadOnlySpan<double> x)
    {
        Measure(x);
        Matern.Fill(distances, kernel.Amplitude, covariances);
        factor.Forward(covariances, half);
        return (Dense.Dot(covariances, alpha), Deviation());
    }

    /// <summary>The same, with the derivatives by every number among the coordinates (0 for categories).</summary>
    public (double Mean, double Deviation) Predict(ReadOnlySpan<double> x, Span<double> meanGradient, Span<double> deviationGradient)
    {
        Measure(x);
        Matern.Fill(distances, kernel.Amplitude, covariances, slopes);
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

    /// <summary>Means and standard deviations at many points, the same but for rounding.</summary>
    public (double Mean, double Deviation)[] Predict(IReadOnlyList<double[]> at)
    {
        block ??= new ProcessBlock(cube, kernel, columns, alpha, factor.InverseRows());
        var predictions = new (double, double)[at.Count];
        Span<double> means = stackalloc double[ProcessBlock.Width], variances = stackalloc double[ProcessBlock.Width];
        var chosen = new double[ProcessBlock.Width][];
        for (var first = 0; first < at.Count; first += ProcessBlock.Width)
        {
            var count = Math.Min(ProcessBlock.Width, at.Count - first);
            for (var k = 0; k < count; k++)
                chosen[k] = at[first + k];
            block.Predict(chosen.AsSpan(0, count), means, variances);
            for (var k = 0; k < count; k++)
                predictions[first + k] = (means[k], Math.Sqrt(Math.Max(LeastVariance, variances[k])));
        }
        return predictions;
    }

    private double Deviation() => Math.Sqrt(Math.Max(LeastVariance, kernel.Amplitude - Dense.Dot(half, half)));

    /// <summary>How many points at the beginning are those of another process with the same kernel.</summary>
    private int Shared(GaussianProcess? before)
    {
        if (!ReferenceEquals(before?.kernel, kernel))
            return 0;
        var most = Math.Min(points.Length, before.points.Length);
        var same = 0;
        while (same < most && points[same].AsSpan().SequenceEqual(before.points[same]))
            same++;
        return same;
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
