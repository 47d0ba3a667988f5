using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sweeps.Core.Search.Bayes;

/// <summary>
/// A Gaussian process conditioned on points: predicts mean and deviation with gradients (Rasmussen and Williams 2006, 2.25).
/// </summary>
internal sealed class GaussianProcess
{
    private const double MinVariance = 1e-12;

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
    private BatchPredictor? block;

    /// <summary>
    /// Conditions on points with standardised values. If the kernel and the first points are those of <paramref name="before"/>, that part of
    /// its factor is reused. Throws <see cref="ArithmeticException"/> when the kernel matrix is not positive definite.
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
            MaternKernel.Fill(distances.AsSpan(0, i), kernel.Amplitude, matrix.AsSpan(i * n, i));
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
        MaternKernel.Fill(distances, kernel.Amplitude, covariances);
        factor.Forward(covariances, half);
        return (VectorOperations.Dot(covariances, alpha), Deviation());
    }

    /// <summary>Mean and standard deviation at a point, with their derivatives by the numeric coordinates (0 for categories).</summary>
    public (double Mean, double Deviation) Predict(ReadOnlySpan<double> x, Span<double> meanGradient, Span<double> deviationGradient)
    {
        Measure(x);
        MaternKernel.Fill(distances, kernel.Amplitude, covariances, slopes);
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
        return (VectorOperations.Dot(covariances, alpha), deviation);
    }

    /// <summary>Means and standard deviations at many points; equal to <see cref="Predict(ReadOnlySpan{double})"/> except for rounding.</summary>
    public (double Mean, double Deviation)[] Predict(IReadOnlyList<double[]> at)
    {
        block ??= new BatchPredictor(cube, kernel, columns, alpha, factor.InverseRows());
        var predictions = new (double, double)[at.Count];
        Span<double> means = stackalloc double[BatchPredictor.Width], variances = stackalloc double[BatchPredictor.Width];
        var chosen = new double[BatchPredictor.Width][];
        for (var first = 0; first < at.Count; first += BatchPredictor.Width)
        {
            var count = Math.Min(BatchPredictor.Width, at.Count - first);
            for (var k = 0; k < count; k++)
                chosen[k] = at[first + k];
            block.Predict(chosen.AsSpan(0, count), means, variances);
            for (var k = 0; k < count; k++)
                predictions[first + k] = (means[k], Math.Sqrt(Math.Max(MinVariance, variances[k])));
        }
        return predictions;
    }

    private double Deviation() => Math.Sqrt(Math.Max(MinVariance, kernel.Amplitude - VectorOperations.Dot(half, half)));

    /// <summary>The number of first points shared with another process of the same kernel.</summary>
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

    /// <summary>Computes the squared distances Σ wⱼ·Δⱼ² from a point to all points.</summary>
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

/// <summary>
/// Predicts eight points per call, so that the inverse factor is read once for eight points. AggressiveOptimization disables tiered
/// compilation: a proposal makes few long calls, which would otherwise run in unoptimised code.
/// </summary>
/// <param name="cube">The search space as a cube.</param>
/// <param name="kernel">The kernel.</param>
/// <param name="columns">The conditioning points, by coordinate.</param>
/// <param name="alpha">K⁻¹·y.</param>
/// <param name="inverse">L⁻¹ row by row, n × n.</param>
internal sealed class BatchPredictor(UnitCube cube, KernelParameters kernel, double[][] columns, double[] alpha, double[] inverse)
{
    /// <summary>The number of points per call: two vectors.</summary>
    public const int Width = 8;

    private const int Rows = 4;

    private readonly Vector256<double>[] covariances = new Vector256<double>[2 * alpha.Length];

    /// <summary>Computes means and variances in the order of the points.</summary>
    /// <param name="points">From one to <see cref="Width"/> points.</param>
    /// <param name="means">Of length <see cref="Width"/>.</param>
    /// <param name="variances">Of length <see cref="Width"/>; may be slightly negative by rounding.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Predict(ReadOnlySpan<double[]> points, Span<double> means, Span<double> variances)
    {
        Measure(points);
        var (mean, square) = ((Vector256<double>.Zero, Vector256<double>.Zero), (Vector256<double>.Zero, Vector256<double>.Zero));
        for (var i = 0; i < alpha.Length; i++)
        {
            var (left, right) = (kernel.Amplitude * MaternKernel.At(covariances[2 * i]), kernel.Amplitude * MaternKernel.At(covariances[2 * i + 1]));
            (covariances[2 * i], covariances[2 * i + 1]) = (left, right);
            mean = (mean.Item1 + alpha[i] * left, mean.Item2 + alpha[i] * right);
        }
        for (var row = 0; row < alpha.Length; row += Rows)
            square = row + Rows <= alpha.Length ? FourRows(row, square) : OneByOne(row, square);
        var amplitude = Vector256.Create(kernel.Amplitude);
        mean.Item1.CopyTo(means);
        mean.Item2.CopyTo(means[4..]);
        (amplitude - square.Item1).CopyTo(variances);
        (amplitude - square.Item2).CopyTo(variances[4..]);
    }

    /// <summary>Computes the squared distances to every conditioning point, two vectors each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Measure(ReadOnlySpan<double[]> points)
    {
        Array.Clear(covariances);
        Span<double> lanes = stackalloc double[Width];
        for (var j = 0; j < columns.Length; j++)
        {
            for (var k = 0; k < Width; k++)
                lanes[k] = points[Math.Min(k, points.Length - 1)][j];
            var (left, right) = (Vector256.Create<double>(lanes), Vector256.Create<double>(lanes[4..]));
            var (column, weight, number) = (columns[j], Vector256.Create(kernel.Weights[j]), cube.IsNumber(j));
            for (var i = 0; i < column.Length; i++)
            {
                var at = Vector256.Create(column[i]);
                covariances[2 * i] += weight * Square(at, left, number);
                covariances[2 * i + 1] += weight * Square(at, right, number);
            }
        }
    }

    private static Vector256<double> Square(Vector256<double> a, Vector256<double> b, bool number) =>
        number ? (a - b) * (a - b) : Vector256.ConditionalSelect(Vector256.Equals(a, b), Vector256<double>.Zero, Vector256<double>.One);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (Vector256<double>, Vector256<double>) FourRows(int row, (Vector256<double> Left, Vector256<double> Right) square)
    {
        var n = alpha.Length;
        ref var first = ref inverse[row * n];
        ref var k = ref MemoryMarshal.GetArrayDataReference(covariances);
        Vector256<double> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
        // The rows are zero above the diagonal, so all four loops may run to the end of the last row.
        for (var m = 0; m < row + Rows; m++)
        {
            var (left, right) = (Unsafe.Add(ref k, 2 * m), Unsafe.Add(ref k, 2 * m + 1));
            var at = Vector256.Create(Unsafe.Add(ref first, m));
            (a0, a1) = (Vector256.FusedMultiplyAdd(at, left, a0), Vector256.FusedMultiplyAdd(at, right, a1));
            at = Vector256.Create(Unsafe.Add(ref first, n + m));
            (b0, b1) = (Vector256.FusedMultiplyAdd(at, left, b0), Vector256.FusedMultiplyAdd(at, right, b1));
            at = Vector256.Create(Unsafe.Add(ref first, 2 * n + m));
            (c0, c1) = (Vector256.FusedMultiplyAdd(at, left, c0), Vector256.FusedMultiplyAdd(at, right, c1));
            at = Vector256.Create(Unsafe.Add(ref first, 3 * n + m));
            (d0, d1) = (Vector256.FusedMultiplyAdd(at, left, d0), Vector256.FusedMultiplyAdd(at, right, d1));
        }
        return (square.Left + a0 * a0 + b0 * b0 + c0 * c0 + d0 * d0, square.Right + a1 * a1 + b1 * b1 + c1 * c1 + d1 * d1);
    }

    private (Vector256<double>, Vector256<double>) OneByOne(int row, (Vector256<double> Left, Vector256<double> Right) square)
    {
        for (; row < alpha.Length; row++)
        {
            Vector256<double> left = default, right = default;
            for (var m = 0; m <= row; m++)
            {
                var at = Vector256.Create(inverse[row * alpha.Length + m]);
                (left, right) = (Vector256.FusedMultiplyAdd(at, covariances[2 * m], left), Vector256.FusedMultiplyAdd(at, covariances[2 * m + 1], right));
            }
            square = (square.Left + left * left, square.Right + right * right);
        }
        return square;
    }
}
