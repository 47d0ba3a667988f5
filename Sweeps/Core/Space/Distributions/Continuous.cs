namespace Sweeps.Core.Space.Distributions;

/// <summary>A distribution over real numbers.</summary>
public abstract record Continuous : Distribution
{
    /// <summary>The number at quantile <paramref name="u"/>.</summary>
    public abstract double QuantileNumber(double u);

    /// <summary>The limits a rounded value is clipped to, or null where rounding may pass the limits (or there are none).</summary>
    public virtual (double Low, double High)? Limits => null;

    /// <summary>Whether model-based search sees the logarithm.</summary>
    public virtual bool Logarithmic => false;

    /// <inheritdoc/>
    public override Domain Domain
    {
        get
        {
            var (low, high) = Limits ?? (QuantileNumber(0.001), QuantileNumber(0.999));
            return new Domain.Range(low, high, Logarithmic, Step: 0, Integer: false);
        }
    }

    /// <inheritdoc/>
    public override Value Quantile(double u) => new Value.Number(QuantileNumber(u));
}
