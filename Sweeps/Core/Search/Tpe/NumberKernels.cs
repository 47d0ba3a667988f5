using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sweeps.Core.Search.Tpe;

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
