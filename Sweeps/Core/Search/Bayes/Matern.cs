namespace Sweeps.Core.Search.Bayes;

/// <summary>The Matérn kernel of smoothness 5/2 as a function of the squared distance.</summary>
internal static class Matern
{
    private static readonly double Root5 = Math.Sqrt(5);

    /// <summary>(1 + √5·d + 5d²/3)·e^(−√5·d), 1 at distance 0.</summary>
    public static double At(double squared)
    {
        var t = Root5 * Math.Sqrt(squared);
        return (1 + t + t * t / 3) * Math.Exp(-t);
    }

    /// <summary>The derivative by the squared distance: −(5/6)(1 + √5·d)·e^(−√5·d).</summary>
    public static double Slope(double squared)
    {
        var t = Root5 * Math.Sqrt(squared);
        return -5.0 / 6 * (1 + t) * Math.Exp(-t);
    }
}
