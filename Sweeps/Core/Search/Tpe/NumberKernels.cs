namespace Sweeps.Core.Search.Tpe;

/// <summary>Truncated normal kernels over a real number: densities with respect to its coordinate.</summary>
internal sealed class NumberKernels : KernelColumn
{
    private readonly NumberScale scale;
    private readonly double[] means;
    private readonly double[] sigmas;
    private readonly double[] logPeaks;

    public NumberKernels(NumberScale scale, double[] observed)
    {
        this.scale = scale;
        means = [.. observed, (scale.Low + scale.High) / 2];
        sigmas = Bandwidths.Of(observed, scale.Low, scale.High);
        logPeaks = new double[means.Length];
        for (var i = 0; i < means.Length; i++)
            logPeaks[i] = TruncatedNormal.LogPeak(sigmas[i])
                - TruncatedNormal.LogMass((scale.Low - means[i]) / sigmas[i], (scale.High - means[i]) / sigmas[i]);
    }

    public override double Sample(int kernel, ref SplitMix64 random) =>
        TruncatedNormal.Quantile(random.NextDouble(), means[kernel], sigmas[kernel], scale.Low, scale.High);

    public override void AddLog(double x, Span<double> sums)
    {
        for (var i = 0; i < means.Length; i++)
        {
            var z = (x - means[i]) / sigmas[i];
            sums[i] += logPeaks[i] - z * z / 2;
        }
    }
}
