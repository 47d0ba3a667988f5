namespace Sweeps.Functions;

/// <summary>The families of learning curves.</summary>
public enum CurveFamily
{
    /// <summary>A power law.</summary>
    Power = 0,

    /// <summary>A stretched exponential.</summary>
    Exponential = 1,

    /// <summary>A logarithmic law.</summary>
    Logarithmic = 2,

    /// <summary>Hill's function.</summary>
    Hill = 3,
}

/// <summary>A curve from Y₀ at time 0 to within 1/P of the way to Y∞ at time tₛ (Rakotoarison et al. 2024, appendix A).</summary>
/// <param name="Family">Its shape.</param>
/// <param name="Alpha">α: above 0, above 1 for the logarithmic family.</param>
/// <param name="Precision">P, above 1.</param>
/// <param name="Saturation">tₛ, above 0.</param>
/// <param name="RateAfter">How fast time runs beyond tₛ; negative: the curve turns back.</param>
public sealed record Curve(CurveFamily Family, double Alpha, double Precision, double Saturation, double RateAfter = 1)
{
    /// <summary>The value at time t ≥ 0.</summary>
    public double At(double t, double start, double end)
    {
        if (t > Saturation)
            t = Math.Max(0, Saturation + (t - Saturation) * RateAfter);
        return end - (end - start) * Remaining(t / Saturation);
    }

    /// <summary>The part of the way that is left: 1 at s = 0, 1/P at s = 1.</summary>
    private double Remaining(double s) => Family switch
    {
        CurveFamily.Power => Math.Pow((Math.Pow(Precision, 1 / Alpha) - 1) * s + 1, -Alpha),
        CurveFamily.Exponential => Math.Pow(Precision, -Math.Pow(s, Alpha)),
        CurveFamily.Logarithmic => RemainingLogarithmic(s),
        _ => 1 / (Math.Pow(s, Alpha) * (Precision - 1) + 1),
    };

    /// <summary>ln α / ln((α^P − α)·s + α) without overflow of α^P.</summary>
    private double RemainingLogarithmic(double s)
    {
        const double Largest = 700;
        var log = Math.Log(Alpha);
        return s <= 0 ? 1
            : Precision * log < Largest ? log / Math.Log((Math.Exp(Precision * log) - Alpha) * s + Alpha)
            : log / (Precision * log + Math.Log(s));
    }
}
