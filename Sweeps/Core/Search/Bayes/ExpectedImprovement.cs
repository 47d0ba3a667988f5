using Sweeps.Core.Search.Tpe;

namespace Sweeps.Core.Search.Bayes;

/// <summary>The logarithm of the expected improvement, exact where the improvement itself underflows (Ament et al. 2023).</summary>
internal static class ExpectedImprovement
{
    private const double HalfLogTwoPi = 0.91893853320467274178;
    private const double Tail = -25;

    /// <summary>ln(z·Φ(z) + φ(z)).</summary>
    public static double LogUnit(double z)
    {
        if (z > Tail)
            return Math.Log(z * Math.Exp(TruncatedNormal.LogCdf(z)) + Math.Exp(-z * z / 2 - HalfLogTwoPi));
        var inverse = 1 / (z * z);
        return -z * z / 2 - HalfLogTwoPi - 2 * Math.Log(-z) + Math.Log(1 + inverse * (-3 + inverse * (15 - 105 * inverse)));
    }

    /// <summary>ln EI below <paramref name="best"/> at a point with this mean and deviation.</summary>
    public static double Log(double mean, double deviation, double best) => Math.Log(deviation) + LogUnit((best - mean) / deviation);

    /// <summary>The derivatives of ln EI by the mean and by the deviation.</summary>
    public static (double ByMean, double ByDeviation) Slopes(double mean, double deviation, double best)
    {
        var z = (best - mean) / deviation;
        var unit = LogUnit(z);
        return (-Math.Exp(TruncatedNormal.LogCdf(z) - unit) / deviation, Math.Exp(-z * z / 2 - HalfLogTwoPi - unit) / deviation);
    }
}
