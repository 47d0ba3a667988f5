using Sweeps.Core;

namespace Sweeps.Training.Functions;

/// <summary>
/// Synthetic learning curves that cross and diverge (Rakotoarison et al. 2024, ifBO), minimised. The curve of x1, x2 in [0, 1] ends at
/// 0.05 + 0.6·d², where d is the distance to (0.3, 0.7). Its shape is a mixture of four families that is drawn with x1 and x2 as the seed, so that
/// equal points have equal curves.
/// </summary>
public sealed class SyntheticCurves() : ClosedForm("learning_curves", Spaces.UnitCube(2), Goal.Minimize, 0.05)
{
    private const double Start = 1;

    /// <inheritdoc/>
    public override double Value(Configuration configuration, FidelityLevel level, ulong seed)
    {
        var (x1, x2) = (configuration.Number("x1"), configuration.Number("x2"));
        var end = 0.05 + 0.6 * ((x1 - 0.3) * (x1 - 0.3) + (x2 - 0.7) * (x2 - 0.7));
        var mix = SplitMix64.Mix((ulong)BitConverter.DoubleToInt64Bits(x1)) ^ (ulong)BitConverter.DoubleToInt64Bits(x2);
        return CurveMixture.Draw(new SplitMix64(mix)).At((double)level.Epoch / level.Epochs, Start, end);
    }
}

/// <summary>A learning curve as a Dirichlet(1, 1, 1, 1) mixture of one curve of each family, with the priors of ifBO.</summary>
/// <param name="Curves">One curve of each family.</param>
/// <param name="Weights">The weights of the curves; their sum is 1.</param>
public sealed record CurveMixture(IReadOnlyList<Curve> Curves, IReadOnlyList<double> Weights)
{
    /// <summary>
    /// Draws from the prior. By family, α = e^N(1,1), e^N(0,1), 1 + e^N(−4,1), e^N(.5,.5); P = 10^U(0,3); tₛ = 10^N(0,1)·gᵢ / max g with gᵢ ~ Exp(1); the
    /// rate of time beyond tₛ is 1 − Exp(1).
    /// </summary>
    public static CurveMixture Draw(SplitMix64 random)
    {
        double[] alpha =
        [
            Math.Exp(1 + RandomVariates.Normal(random.Next())), Math.Exp(RandomVariates.Normal(random.Next())),
            1 + Math.Exp(-4 + RandomVariates.Normal(random.Next())), Math.Exp(0.5 + 0.5 * RandomVariates.Normal(random.Next())),
        ];
        var weights = new double[alpha.Length];
        var saturation = new double[alpha.Length];
        for (var i = 0; i < alpha.Length; i++)
            (weights[i], saturation[i]) = (RandomVariates.Exponential(random.Next()), RandomVariates.Exponential(random.Next()));
        var (sum, largest, scale) = (weights.Sum(), saturation.Max(), Math.Pow(10, RandomVariates.Normal(random.Next())));
        var curves = new Curve[alpha.Length];
        for (var i = 0; i < alpha.Length; i++)
        {
            var precision = Math.Pow(10, 3 * RandomVariates.Unit(random.Next()));
            curves[i] = new Curve((CurveFamily)i, alpha[i], precision, scale * saturation[i] / largest, 1 - RandomVariates.Exponential(random.Next()));
            weights[i] /= sum;
        }
        return new CurveMixture(curves, weights);
    }

    /// <summary>The value at time t ≥ 0 of a curve from <paramref name="start"/> towards <paramref name="end"/>.</summary>
    public double At(double t, double start, double end)
    {
        var sum = 0.0;
        for (var i = 0; i < Curves.Count; i++)
            sum += Weights[i] * Curves[i].At(t, start, end);
        return sum;
    }
}

/// <summary>A family of learning curves.</summary>
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
/// <param name="Family">The shape.</param>
/// <param name="Alpha">α: above 0, above 1 for the logarithmic family.</param>
/// <param name="Precision">P, above 1.</param>
/// <param name="Saturation">tₛ, above 0.</param>
/// <param name="RateAfter">The rate of time beyond tₛ. With a negative rate the curve returns towards Y₀.</param>
public sealed record Curve(CurveFamily Family, double Alpha, double Precision, double Saturation, double RateAfter = 1)
{
    /// <summary>The value at time t ≥ 0.</summary>
    public double At(double t, double start, double end)
    {
        if (t > Saturation)
            t = Math.Max(0, Saturation + (t - Saturation) * RateAfter);
        return end - (end - start) * Remaining(t / Saturation);
    }

    /// <summary>The remaining share of the way to Y∞: 1 at s = 0, 1/P at s = 1.</summary>
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
