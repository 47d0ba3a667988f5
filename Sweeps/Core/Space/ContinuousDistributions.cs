using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace Sweeps.Core.Space;

/// <summary>A distribution over real numbers.</summary>
public abstract record Continuous : Distribution
{
    /// <summary>The number at quantile <paramref name="u"/>.</summary>
    public abstract double QuantileNumber(double u);

    /// <summary>The limits to which a rounded value is clipped, or null.</summary>
    public virtual (double Low, double High)? Limits => null;

    /// <summary>Whether model-based search uses the logarithm.</summary>
    public virtual bool Logarithmic => false;

    public override Domain Domain
    {
        get
        {
            var (low, high) = Limits ?? (QuantileNumber(0.001), QuantileNumber(0.999));
            return new Domain.Range(low, high, Logarithmic, Step: 0, Integer: false);
        }
    }

    public override Value Quantile(double u) => new Value.Number(QuantileNumber(u));
}

/// <summary>A number in [<paramref name="Min"/>, <paramref name="Max"/>): min + u·(max − min).</summary>
public sealed record Uniform(double Min, double Max) : Continuous
{
    public override string Name => "uniform";

    public override (double Low, double High)? Limits => (Min, Max);

    public override double QuantileNumber(double u) => Min + u * (Max - Min);
}

/// <summary>A number whose logarithm is uniform: exp(l + u·(h − l)), l and h the natural logarithms of the limits.</summary>
/// <param name="Form">The name in the file.</param>
/// <param name="LogLow">l.</param>
/// <param name="LogHigh">h, above l.</param>
/// <param name="Low">The lower limit, above 0.</param>
/// <param name="High">The upper limit.</param>
public sealed record LogUniform(string Form, double LogLow, double LogHigh, double Low, double High) : Continuous
{
    /// <summary>Between two values. W&amp;B's inverse form has the same distribution.</summary>
    public static LogUniform OfValues(double min, double max, bool inverse = false) =>
        new(inverse ? "inv_log_uniform_values" : "log_uniform_values", Math.Log(min), Math.Log(max), min, max);

    /// <summary>Between two natural exponents: W&amp;B's deprecated form.</summary>
    public static LogUniform OfExponents(double min, double max) => new("log_uniform", min, max, Math.Exp(min), Math.Exp(max));

    /// <summary>Between two exponents of 1/x: exp(−(min + (1 − u)·(max − min))), W&amp;B's deprecated inverse form.</summary>
    public static LogUniform OfInverseExponents(double min, double max) => new("inv_log_uniform", -max, -min, Math.Exp(-max), Math.Exp(-min));

    public override string Name => Form;

    public override (double Low, double High)? Limits => (Low, High);

    public override bool Logarithmic => true;

    public override double QuantileNumber(double u) => Math.Clamp(Math.Exp(LogLow + u * (LogHigh - LogLow)), Low, High);
}

/// <summary>A normal number: mu + sigma·Φ⁻¹(u).</summary>
/// <param name="Mu">The mean.</param>
/// <param name="Sigma">The standard deviation, at least 0.</param>
public sealed record Gaussian(double Mu, double Sigma) : Continuous
{
    public override string Name => "normal";

    public override bool NeedsOpenInterval => true;

    public override double QuantileNumber(double u) => Mu + Sigma * Normal.InvCDF(0, 1, u);
}

/// <summary>A number whose logarithm is normal: exp(mu + sigma·Φ⁻¹(u)).</summary>
/// <param name="Mu">The mean of the logarithm.</param>
/// <param name="Sigma">The standard deviation of the logarithm, at least 0.</param>
public sealed record LogGaussian(double Mu, double Sigma) : Continuous
{
    public override string Name => "log_normal";

    public override bool NeedsOpenInterval => true;

    public override bool Logarithmic => true;

    public override double QuantileNumber(double u) => Math.Exp(Mu + Sigma * Normal.InvCDF(0, 1, u));
}

/// <summary>A number in [0, 1] with the Beta(a, b) distribution.</summary>
/// <param name="A">The first shape, above 0.</param>
/// <param name="B">The second shape, above 0.</param>
public sealed record BetaShaped(double A, double B) : Continuous
{
    public override string Name => "beta";

    public override bool NeedsOpenInterval => true;

    /// <summary>
    /// The inverse of the regularised incomplete beta function, by bisection over the bit patterns of [0, 1]. Positive doubles have the
    /// same order as their bit patterns, so a quantile near 0 has the same relative accuracy as one near ½.
    /// </summary>
    public override double QuantileNumber(double u)
    {
        var (low, high) = (0L, BitConverter.DoubleToInt64Bits(1.0));
        while (high - low > 1)
        {
            var middle = low + (high - low) / 2;
            if (SpecialFunctions.BetaRegularized(A, B, BitConverter.Int64BitsToDouble(middle)) < u)
                low = middle;
            else
                high = middle;
        }
        return BitConverter.Int64BitsToDouble(high);
    }
}
