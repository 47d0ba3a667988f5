using Sweeps.Core;

namespace Sweeps.Training.Functions;

/// <summary>
/// Currin's exponential function (Currin et al. 1991), maximised over [0, 1]²: z·f + (1 − z)·low at fidelity z, where low is the mean of f at four
/// neighbouring points (Xiong et al. 2013).
/// </summary>
public sealed class Currin() : ClosedForm("currin", Spaces.UnitCube(2), Goal.Maximize, 13.798722044728434)
{
    private const double Offset = 0.05;

    /// <inheritdoc/>
    public override double Value(Configuration configuration, FidelityLevel level, ulong seed)
    {
        var (x1, x2, z) = (configuration.Number("x1"), configuration.Number("x2"), level.Z);
        return z >= 1 ? High(x1, x2) : z * High(x1, x2) + (1 - z) * Low(x1, x2);
    }

    /// <summary>f, the function at full fidelity.</summary>
    public static double High(double x1, double x2)
    {
        var rise = x2 <= 0 ? 1 : 1 - Math.Exp(-1 / (2 * x2));
        var (squared, cubed) = (x1 * x1, x1 * x1 * x1);
        return rise * (2300 * cubed + 1900 * squared + 2092 * x1 + 60) / (100 * cubed + 500 * squared + 4 * x1 + 20);
    }

    /// <summary>The low-fidelity form.</summary>
    public static double Low(double x1, double x2)
    {
        var below = Math.Max(0, x2 - Offset);
        return (High(x1 + Offset, x2 + Offset) + High(x1 + Offset, below) + High(x1 - Offset, x2 + Offset) + High(x1 - Offset, below)) / 4;
    }
}
