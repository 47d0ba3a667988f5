using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sweeps.Core.Search.Tpe;

/// <summary>
/// The factors of one parameter in all product kernels of a mixture: one kernel per observation in order of run number, then the prior.
/// </summary>
internal abstract class KernelColumn
{
    /// <summary>The kernels of an axis for observed coordinates, in order of run number.</summary>
    public static KernelColumn Of(ParameterAxis axis, double[] observed) => axis.Scale switch
    {
        null => new CategoryKernels(axis.Categories.Count, observed),
        { Discrete: true } => new StepKernels(axis.Scale, observed),
        _ => new NumberKernels(axis.Scale, observed),
    };

    /// <summary>Draws a coordinate from one kernel.</summary>
    public abstract double Sample(int kernel, ref SplitMix64 random);

    /// <summary>
    /// Adds ln kernelᵢ(x) to <paramref name="sums"/>[i] for every kernel: a density, or a probability mass for discrete values.
    /// </summary>
    public abstract void AddLog(double x, Span<double> sums);
}

/// <summary>Truncated normal kernels over a real number: densities with respect to its coordinate.</summary>
internal sealed class NumberKernels : KernelColumn
{
    private readonly NumberScale scale;
    private readonly double[] means;
    private readonly double[] sigmas;
    private readonly double[] precisions;
    private readonly double[] logPeaks;

    public NumberKernels(NumberScale scale, double[] observed)
    {
        this.scale = scale;
        means = [.. observed, (scale.Low + scale.High) / 2];
        sigmas = Bandwidths.Of(observed, scale.Low, scale.High);
        precisions = Array.ConvertAll(sigmas, sigma => 1 / sigma);
        logPeaks = new double[means.Length];
        for (var (i, peak) = (0, 0.0); i < means.Length; i++)
        {
            if (i == 0 || sigmas[i] != sigmas[i - 1])
                peak = TruncatedNormal.LogPeak(sigmas[i]);
            logPeaks[i] = peak - TruncatedNormal.LogMass((scale.Low - means[i]) / sigmas[i], (scale.High - means[i]) / sigmas[i]);
        }
    }

    public override double Sample(int kernel, ref SplitMix64 random) =>
        TruncatedNormal.Quantile(random.NextDouble(), means[kernel], sigmas[kernel], scale.Low, scale.High);

    public override void AddLog(double x, Span<double> sums)
    {
        var at = Vector256.Create(x);
        var mean = Lanes(means);
        var precision = Lanes(precisions);
        var peak = Lanes(logPeaks);
        var sum = MemoryMarshal.Cast<double, Vector256<double>>(sums);
        for (var i = 0; i < mean.Length; i++)
        {
            var z = (at - mean[i]) * precision[i];
            sum[i] += peak[i] - z * z * 0.5;
        }
        for (var i = 4 * mean.Length; i < means.Length; i++)
        {
            var z = (x - means[i]) * precisions[i];
            sums[i] += logPeaks[i] - z * z * 0.5;
        }
    }

    private static ReadOnlySpan<Vector256<double>> Lanes(double[] numbers) =>
        MemoryMarshal.Cast<double, Vector256<double>>((ReadOnlySpan<double>)numbers);
}

/// <summary>
/// Truncated normal kernels over integers and other values with a step: the mass of a value's cell. Kernels with equal mean and deviation
/// are evaluated once, because a long history of few values has few distinct kernels.
/// </summary>
internal sealed class StepKernels : KernelColumn
{
    private readonly NumberScale scale;
    private readonly List<(double Mean, double Sigma)> distinct = [];
    private readonly double[] logTotals;
    private readonly int[] kernels;

    public StepKernels(NumberScale scale, double[] observed)
    {
        this.scale = scale;
        var sigmas = Bandwidths.Of(observed, scale.Low, scale.High);
        var known = new Dictionary<(double, double), int>();
        kernels = new int[sigmas.Length];
        for (var i = 0; i < sigmas.Length; i++)
        {
            var kernel = (i < observed.Length ? observed[i] : (scale.Low + scale.High) / 2, sigmas[i]);
            if (!known.TryGetValue(kernel, out kernels[i]))
            {
                known.Add(kernel, kernels[i] = distinct.Count);
                distinct.Add(kernel);
            }
        }
        logTotals = [.. distinct.Select(kernel => LogMass(kernel, scale.Low, scale.High))];
    }

    public override double Sample(int kernel, ref SplitMix64 random)
    {
        var (mean, sigma) = distinct[kernels[kernel]];
        return scale.Round(TruncatedNormal.Quantile(random.NextDouble(), mean, sigma, scale.Low, scale.High));
    }

    public override void AddLog(double x, Span<double> sums)
    {
        var (from, to) = scale.Cell(x);
        var masses = new double[distinct.Count];
        for (var i = 0; i < masses.Length; i++)
            masses[i] = LogMass(distinct[i], from, to) - logTotals[i];
        for (var i = 0; i < kernels.Length; i++)
            sums[i] += masses[kernels[i]];
    }

    private static double LogMass((double Mean, double Sigma) kernel, double from, double to) =>
        TruncatedNormal.LogMass((from - kernel.Mean) / kernel.Sigma, (to - kernel.Mean) / kernel.Sigma);
}

/// <summary>
/// Kernels over k categories: (1/(m + 1) + [c = cᵢ]) / (1 + k/(m + 1)) for observation i of m, 1/k for the prior.
/// </summary>
/// <param name="categories">k.</param>
/// <param name="observed">The categories observed, 0 … k − 1.</param>
internal sealed class CategoryKernels(int categories, double[] observed) : KernelColumn
{
    private readonly double other = 1 / (observed.Length + 1.0 + categories);

    private double Own => (observed.Length + 2) * other;

    public override double Sample(int kernel, ref SplitMix64 random)
    {
        var u = random.NextDouble();
        if (kernel == observed.Length)
            return (int)(u * categories);
        var before = observed[kernel] * other;
        if (u < before)
            return (int)(u / other);
        return u < before + Own ? observed[kernel] : Math.Min(categories - 1, (int)((u - Own) / other) + 1);
    }

    public override void AddLog(double x, Span<double> sums)
    {
        var (same, different) = (Math.Log(Own), Math.Log(other));
        for (var i = 0; i < observed.Length; i++)
            sums[i] += observed[i] == x ? same : different;
        sums[observed.Length] -= Math.Log(categories);
    }
}

/// <summary>Standard deviations of the kernels of numbers.</summary>
internal static class Bandwidths
{
    private const int MaxParts = 100;

    /// <summary>
    /// For each of m coordinates the larger distance to its neighbours in sorted order (a single coordinate has the ends of the interval as
    /// neighbours), clipped to [range / min(100, m + 2), range]; last, for the prior, the range.
    /// </summary>
    public static double[] Of(ReadOnlySpan<double> coordinates, double low, double high)
    {
        var (m, range) = (coordinates.Length, high - low);
        var sigmas = new double[m + 1];
        sigmas[m] = range;
        if (m == 1)
            sigmas[0] = Math.Max(coordinates[0] - low, high - coordinates[0]);
        else
            FillGaps(coordinates, sigmas);
        var least = range / Math.Min(MaxParts, m + 2);
        for (var i = 0; i < m; i++)
            sigmas[i] = Math.Clamp(sigmas[i], least, range);
        return sigmas;
    }

    private static void FillGaps(ReadOnlySpan<double> coordinates, double[] sigmas)
    {
        var m = coordinates.Length;
        var sorted = coordinates.ToArray();
        var order = new int[m];
        for (var i = 0; i < m; i++)
            order[i] = i;
        Array.Sort(sorted, order);
        for (var i = 0; i < m; i++)
        {
            var left = i > 0 ? sorted[i] - sorted[i - 1] : 0;
            var right = i < m - 1 ? sorted[i + 1] - sorted[i] : 0;
            sigmas[order[i]] = Math.Max(left, right);
        }
    }
}
