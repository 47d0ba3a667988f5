namespace Sweeps.Core.Space.Distributions;

/// <summary>A number in [<paramref name="Min"/>, <paramref name="Max"/>): min + u·(max − min).</summary>
public sealed record Uniform(double Min, double Max) : Continuous
{
    /// <inheritdoc/>
    public override string Name => "uniform";

    /// <inheritdoc/>
    public override (double Low, double High)? Limits => (Min, Max);

    /// <inheritdoc/>
    public override double QuantileNumber(double u) => Min + u * (Max - Min);
}
