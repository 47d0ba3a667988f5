namespace Sweeps.Core.Space.Distributions;

/// <summary>A number whose logarithm is uniform: exp(l + u·(h − l)), l and h the natural logarithms of the limits.</summary>
/// <param name="Form">The name in the file.</param>
/// <param name="LogLow">l.</param>
/// <param name="LogHigh">h, above l.</param>
/// <param name="Low">The lower limit, above 0.</param>
/// <param name="High">The upper limit.</param>
public sealed record LogUniform(string Form, double LogLow, double LogHigh, double Low, double High) : Continuous
{
    /// <summary>Between two values. The inverse form differs in W&amp;B by its orientation only, which a draw cannot tell.</summary>
    public static LogUniform OfValues(double min, double max, bool inverse = false) =>
        new(inverse ? "inv_log_uniform_values" : "log_uniform_values", Math.Log(min), Math.Log(max), min, max);

    /// <summary>Between two natural-logarithm exponents: the deprecated form.</summary>
    public static LogUniform OfExponents(double min, double max) => new("log_uniform", min, max, Math.Exp(min), Math.Exp(max));

    /// <summary>Between two exponents of 1/x: exp(−(min + (1 − u)·(max − min))), the deprecated inverse form.</summary>
    public static LogUniform OfInverseExponents(double min, double max) => new("inv_log_uniform", -max, -min, Math.Exp(-max), Math.Exp(-min));

    /// <inheritdoc/>
    public override string Name => Form;

    /// <inheritdoc/>
    public override (double Low, double High)? Limits => (Low, High);

    /// <inheritdoc/>
    public override bool Logarithmic => true;

    /// <inheritdoc/>
    public override double QuantileNumber(double u) => Math.Clamp(Math.Exp(LogLow + u * (LogHigh - LogLow)), Low, High);
}
