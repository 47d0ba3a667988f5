namespace Sweeps.Core.Search.Tpe;

/// <summary>
/// Truncated normal kernels over integers and other values with a step: the mass of a value's cell. Kernels with the same mean and
/// deviation are evaluated once: a long history over few values has few of them.
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
