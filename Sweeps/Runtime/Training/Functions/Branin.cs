using Sweeps.Core;

namespace Sweeps.Training.Functions;

/// <summary>Branin's function with a fidelity (minimised): three equal minima. x1 in [−5, 10], x2 in [0, 15].</summary>
public sealed class Branin() : ClosedForm(
    "branin", Spaces.Of(Spaces.Uniform("x1", -5, 10), Spaces.Uniform("x2", 0, 15)), Goal.Minimize, 0.397887357730)
{
    /// <inheritdoc/>
    public override double Value(Configuration configuration, FidelityLevel level, ulong seed) =>
        At(configuration.Number("x1"), configuration.Number("x2"), level.Z);

    /// <inheritdoc/>
    public override double Cost(double z) => 0.05 + 0.95 * Math.Pow(z, 1.5);

    /// <summary>The function at a point and fidelity z in [0, 1].</summary>
    public static double At(double x1, double x2, double z)
    {
        var b = 5.1 / (4 * Math.PI * Math.PI) - 0.01 * (1 - z);
        var c = 5 / Math.PI - 0.1 * (1 - z);
        var t = 1 / (8 * Math.PI) + 0.005 * (1 - z);
        var valley = x2 - b * x1 * x1 + c * x1 - 6;
        return valley * valley + 10 * (1 - t) * Math.Cos(x1) + 10;
    }
}
