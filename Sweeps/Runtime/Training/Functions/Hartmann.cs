using Sweeps.Core;

namespace Sweeps.Training.Functions;

/// <summary>
/// Hartmann's function of 3 or 6 variables with a fidelity (minimised): f = −Σᵢ (αᵢ − β·(1 − z))·exp(−Σⱼ Aᵢⱼ(xⱼ − Pᵢⱼ)²). β = 0.1 is the
/// form of Kandasamy et al. (BOCA, 2017); the <c>mf_</c> forms of mf-prior-bench add |N(0, 1)|·τ·(1 − z).
/// </summary>
/// <param name="name">The name in a sweep file.</param>
/// <param name="dimensions">3 or 6.</param>
/// <param name="bias">β, the bias of low fidelities.</param>
/// <param name="spread">τ, the noise of low fidelities.</param>
public sealed class Hartmann(string name, int dimensions, double bias = 0.1, double spread = 0)
    : ClosedForm(name, Spaces.UnitCube(dimensions), Goal.Minimize, dimensions == 3 ? -3.8627797869 : -3.3223680114)
{
    private static readonly double[] Alpha = [1, 1.2, 3, 3.2];

    private static readonly double[][] A3 = [[3, 10, 30], [0.1, 10, 35], [3, 10, 30], [0.1, 10, 35]];

    private static readonly double[][] P3 =
        [[0.3689, 0.1170, 0.2673], [0.4699, 0.4387, 0.7470], [0.1091, 0.8732, 0.5547], [0.0381, 0.5743, 0.8828]];

    private static readonly double[][] A6 =
        [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]];

    private static readonly double[][] P6 =
    [
        [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886], [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
        [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650], [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
    ];

    /// <inheritdoc/>
    public override double Value(Configuration configuration, FidelityLevel level, ulong seed)
    {
        var value = At(configuration.Vector(dimensions), level.Z, bias);
        if (spread > 0)
            value += Math.Abs(RandomVariates.Normal(SplitMix64.Draw(seed, (ulong)level.Epoch, "$hartmann"))) * spread * (1 - level.Z);
        return value;
    }

    /// <inheritdoc/>
    public override double Cost(double z) => (spread > 0, dimensions) switch
    {
        (true, _) => 0.05 + 0.95 * Math.Pow(100, 2 * (z - 1)),
        (_, 3) => 0.1 + 0.9 * (z + z * z + z * z * z) / 3,
        _ => 0.1 + 0.9 * (2 * z + z * z + z * z * z) / 4,
    };

    /// <summary>The noiseless function at x in [0, 1]³ or [0, 1]⁶ and fidelity z in [0, 1].</summary>
    public static double At(ReadOnlySpan<double> x, double z, double bias)
    {
        var (a, p) = x.Length == 3 ? (A3, P3) : (A6, P6);
        var sum = 0.0;
        for (var i = 0; i < Alpha.Length; i++)
        {
            var exponent = 0.0;
            for (var j = 0; j < x.Length; j++)
                exponent += a[i][j] * (x[j] - p[i][j]) * (x[j] - p[i][j]);
            sum += (Alpha[i] - bias * (1 - z)) * Math.Exp(-exponent);
        }
        return -sum;
    }
}
