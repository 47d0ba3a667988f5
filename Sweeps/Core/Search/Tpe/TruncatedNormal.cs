using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace Sweeps.Core.Search.Tpe;

/// <summary>The truncated normal distribution, in logarithms that are accurate in the far tails.</summary>
internal static class TruncatedNormal
{
    private const double HalfLogTwoPi = 0.91893853320467274178;

    /// <summary>The argument below which erfc loses relative precision and the asymptotic series is accurate.</summary>
    private const double Tail = -30;

    /// <summary>The argument above which 1 − Φ is below half a unit in the last place of 1.</summary>
    private const double Lost = 8.5;

    /// <summary>ln Φ(x), relative error below 10⁻¹² for every x.</summary>
    public static double LogCdf(double x)
    {
        if (x > 0)
            return SpecialFunctions.Log1p(-0.5 * SpecialFunctions.Erfc(x / Constants.Sqrt2));
        if (x > Tail)
            return Math.Log(0.5 * SpecialFunctions.Erfc(-x / Constants.Sqrt2));
        var inverse = 1 / (x * x);
        var series = -inverse * (1 - 3 * inverse * (1 - 5 * inverse * (1 - 7 * inverse)));
        return -x * x / 2 - HalfLogTwoPi - Math.Log(-x) + SpecialFunctions.Log1p(series);
    }

    /// <summary>ln(Φ(b) − Φ(a)) for a ≤ b; −∞ when they are equal.</summary>
    public static double LogMass(double a, double b)
    {
        if (a > 0)
            return LogMass(-b, -a);
        if (b > 0)
            return SpecialFunctions.Log1p(-UpperTail(-a) - UpperTail(b));
        var upper = LogCdf(b);
        return upper + SpecialFunctions.Log1p(-Math.Exp(LogCdf(a) - upper));
    }

    /// <summary>1 − Φ(x) for x ≥ 0; 0 if it is too small to change a sum with 1.</summary>
    private static double UpperTail(double x) => x > Lost ? 0 : 0.5 * SpecialFunctions.Erfc(x / Constants.Sqrt2);

    /// <summary>ln of the normal density with this standard deviation, without the term −½((x − μ)/σ)².</summary>
    public static double LogPeak(double sigma) => -Math.Log(sigma) - HalfLogTwoPi;

    /// <summary>The quantile <paramref name="u"/> in [0, 1) of a normal distribution truncated to limits that contain its mean.</summary>
    public static double Quantile(double u, double mean, double sigma, double low, double high)
    {
        var (from, to) = (Normal.CDF(0, 1, (low - mean) / sigma), Normal.CDF(0, 1, (high - mean) / sigma));
        return Math.Clamp(mean + sigma * Normal.InvCDF(0, 1, from + u * (to - from)), low, high);
    }
}
