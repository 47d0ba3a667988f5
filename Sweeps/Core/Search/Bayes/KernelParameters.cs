namespace Sweeps.Core.Search.Bayes;

/// <summary>k(x, x') = a·Matérn(Σ wⱼ·Δⱼ²), and noise s on the diagonal.</summary>
/// <param name="Weights">wⱼ: inverse squared lengths, one per coordinate.</param>
/// <param name="Amplitude">a.</param>
/// <param name="Noise">s, at least 10⁻⁶.</param>
internal sealed record KernelParameters(double[] Weights, double Amplitude, double Noise)
{
    /// <summary>The least noise: what makes K positive definite.</summary>
    public const double LeastNoise = 1e-6;

    /// <summary>From logarithms of w₁ … w_d, a and s − 10⁻⁶.</summary>
    public static KernelParameters FromLogarithms(ReadOnlySpan<double> logarithms)
    {
        var weights = new double[logarithms.Length - 2];
        for (var j = 0; j < weights.Length; j++)
            weights[j] = Math.Exp(logarithms[j]);
        return new KernelParameters(weights, Math.Exp(logarithms[^2]), LeastNoise + Math.Exp(logarithms[^1]));
    }
}
