using MathNet.Numerics.Distributions;

namespace Sweeps.Core.Space.Distributions;

/// <summary>A normal number: mu + sigma·Φ⁻¹(u).</summary>
/// <param name="Mu">The mean.</param>
/// <param name="Sigma">The standard deviation, at least 0.</param>
public sealed record Gaussian(double Mu, double Sigma) : Continuous
{
    /// <inheritdoc/>
    public override string Name => "normal";

    /// <inheritdoc/>
    public override bool NeedsOpenInterval => true;

    /// <inheritdoc/>
    public override double QuantileNumber(double u) => Mu + Sigma * Normal.InvCDF(0, 1, u);
}

/// <summary>A number whose logarithm is normal: exp(mu + sigma·Φ⁻¹(u)).</summary>
/// <param name="Mu">The mean of the logarithm.</param>
/// <param name="Sigma">The standard deviation of the logarithm, at least 0.</param>
public sealed record LogGaussian(double Mu, double Sigma) : Continuous
{
    /// <inheritdoc/>
    public override string Name => "log_normal";

    /// <inheritdoc/>
    public override bool NeedsOpenInterval => true;

    /// <inheritdoc/>
    public override bool Logarithmic => true;

    /// <inheritdoc/>
    public override double QuantileNumber(double u) => Math.Exp(Mu + Sigma * Normal.InvCDF(0, 1, u));
}
