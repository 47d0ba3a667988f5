namespace Sweeps.Core.Search.Tpe;

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
