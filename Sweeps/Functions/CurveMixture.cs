using Sweeps.Core;

namespace Sweeps.Functions;

/// <summary>A learning curve as a Dirichlet(1, 1, 1, 1) mixture of one curve of each family, with the priors of ifBO.</summary>
/// <param name="Curves">One of each family.</param>
/// <param name="Weights">Sum 1.</param>
public sealed record CurveMixture(IReadOnlyList<Curve> Curves, IReadOnlyList<double> Weights)
{
    /// <summary>
    /// One draw of the prior: α = e^N(1,1), e^N(0,1), 1 + e^N(−4,1), e^N(.5,.5) by family; P = 10^U(0,3); tₛ = 10^N(0,1) times Gamma(1)
    /// over the largest of the four; beyond tₛ time runs at rate 1 − Exp(1).
    /// </summary>
    public static CurveMixture Draw(SplitMix64 random)
    {
        double[] alpha =
        [
            Math.Exp(1 + Draws.Normal(random.Next())), Math.Exp(Draws.Normal(random.Next())),
            1 + Math.Exp(-4 + Draws.Normal(random.Next())), Math.Exp(0.5 + 0.5 * Draws.Normal(random.Next())),
        ];
        var weights = new double[alpha.Length];
        var saturation = new double[alpha.Length];
        for (var i = 0; i < alpha.Length; i++)
            (weights[i], saturation[i]) = (Draws.Exponential(random.Next()), Draws.Exponential(random.Next()));
        var (sum, largest, scale) = (weights.Sum(), saturation.Max(), Math.Pow(10, Draws.Normal(random.Next())));
        var curves = new Curve[alpha.Length];
        for (var i = 0; i < alpha.Length; i++)
        {
            var precision = Math.Pow(10, 3 * Draws.Unit(random.Next()));
            curves[i] = new Curve((CurveFamily)i, alpha[i], precision, scale * saturation[i] / largest, 1 - Draws.Exponential(random.Next()));
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
