namespace Sweeps.Core.Search.Bayes;

/// <summary>
/// The logarithm of the marginal likelihood of kernel parameters, with the priors of Optuna 5's GPSampler:
/// −Σ ln Lᵢᵢ − ½ yᵀK⁻¹y − 0.1·Σ(wⱼ + 1/wⱼ) + ln a − a + 0.1·ln s − 30·s, and its gradient (Rasmussen and Williams 2006, 5.9).
/// </summary>
internal sealed class MarginalLikelihood
{
    private const double MaxLogarithm = 15;
    private const int Iterations = 100;
    private const double Tolerance = 1e-2;
    private const int FirstFit = 100;
    private const int MaxResults = 150;

    private readonly double[] y;
    private readonly double[][] squares;

    /// <summary>Points in the unit cube with their standardised values; at least one.</summary>
    public MarginalLikelihood(UnitCube cube, double[][] points, double[] y)
    {
        this.y = y;
        squares = new double[cube.Dimensions][];
        for (var j = 0; j < squares.Length; j++)
        {
            squares[j] = new double[y.Length * (y.Length - 1) / 2];
            for (var (i, at) = (1, 0); i < y.Length; i++)
                for (var k = 0; k < i; k++, at++)
                    squares[j][at] = cube.SquaredDifference(j, points[i][j], points[k][j]);
        }
    }

    /// <summary>
    /// Maximises the likelihood from w = a = s = 1. A step costs n³, so a fit to more than <see cref="FirstFit"/> results starts at the
    /// optimum for an evenly spaced subset, and at most <see cref="MaxResults"/> results are used, which suffice for d + 2 parameters.
    /// </summary>
    public static KernelParameters Fit(UnitCube cube, double[][] points, double[] y)
    {
        var logarithms = new double[cube.Dimensions + 2];
        foreach (var size in (int[])[Math.Min(FirstFit, points.Length), Math.Min(MaxResults, points.Length)])
        {
            var share = Enumerable.Range(0, size).Select(k => (int)((long)k * points.Length / size)).ToArray();
            new MarginalLikelihood(cube, Array.ConvertAll(share, i => points[i]), Array.ConvertAll(share, i => y[i])).Climb(logarithms);
            if (size == points.Length)
                break;
        }
        return KernelParameters.FromLogarithms(logarithms);
    }

    private void Climb(double[] logarithms)
    {
        var bound = new double[logarithms.Length];
        Array.Fill(bound, MaxLogarithm);
        var minimizer = new BoxMinimizer(Array.ConvertAll(bound, x => -x), bound, Iterations, Tolerance);
        minimizer.Minimize(logarithms, Negative);
    }

    /// <summary>The negative of the objective at logarithms of w₁ … w_d, a, s − 10⁻⁶, and its gradient.</summary>
    public double Negative(ReadOnlySpan<double> logarithms, Span<double> gradient)
    {
        var parameters = KernelParameters.FromLogarithms(logarithms);
        var (n, a, s) = (y.Length, parameters.Amplitude, parameters.Noise);
        var (kernel, slopes) = Kernel(parameters);
        var matrix = new double[n * n];
        for (var (i, at) = (0, 0); i < n; at += i++)
        {
            kernel.AsSpan(at, i).CopyTo(matrix.AsSpan(i * n));
            matrix[i * n + i] = a + s;
        }
        if (CholeskyFactor.Of(matrix, n) is not { } factor)
            return double.PositiveInfinity;
        var (half, alpha) = (new double[n], new double[n]);
        factor.Forward(y, half);
        factor.Backward(half, alpha);
        var value = -factor.LogDeterminant - VectorOperations.Dot(half, half) / 2 + Math.Log(a) - a + 0.1 * Math.Log(s) - 30 * s;
        foreach (var w in parameters.Weights)
            value -= 0.1 * (w + 1 / w);
        Gradient(parameters, kernel, slopes, factor, alpha, gradient);
        return -value;
    }

    /// <summary>½·Σ (αᵢαₖ − K⁻¹ᵢₖ)·∂Kᵢₖ and the priors' derivatives, by the logarithms of the parameters, negated.</summary>
    private void Gradient(
        KernelParameters parameters, double[] kernel, double[] slopes, CholeskyFactor factor, double[] alpha, Span<double> gradient)
    {
        var (n, a, s, w) = (y.Length, parameters.Amplitude, parameters.Noise, parameters.Weights);
        var (byAmplitude, byNoise) = (0.0, 0.0);
        for (var (i, at) = (0, 0); i < n; i++)
        {
            for (var k = 0; k < i; k++, at++)
            {
                var m = alpha[i] * alpha[k] - factor.Inverse(i, k);
                slopes[at] *= m;
                byAmplitude += m * kernel[at];
            }
            var diagonal = (alpha[i] * alpha[i] - factor.Inverse(i, i)) / 2;
            byAmplitude += diagonal * a;
            byNoise += diagonal;
        }
        for (var j = 0; j < w.Length; j++)
            gradient[j] = -w[j] * (VectorOperations.Dot(squares[j], slopes) - 0.1 * (1 - 1 / (w[j] * w[j])));
        gradient[^2] = -(byAmplitude + 1 - a);
        gradient[^1] = -(byNoise + 0.1 / s - 30) * (s - KernelParameters.MinNoise);
    }

    /// <summary>The kernel at every pair of points, and its derivatives by the squared distances.</summary>
    private (double[] Kernel, double[] Slopes) Kernel(KernelParameters parameters)
    {
        var distances = new double[squares[0].Length];
        for (var j = 0; j < parameters.Weights.Length; j++)
            VectorOperations.AddScaled(parameters.Weights[j], squares[j], distances);
        var (kernel, slopes) = (new double[distances.Length], new double[distances.Length]);
        MaternKernel.Fill(distances, parameters.Amplitude, kernel, slopes);
        return (kernel, slopes);
    }
}
