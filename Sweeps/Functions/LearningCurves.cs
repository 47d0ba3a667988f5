using Sweeps.Core;

namespace Sweeps.Functions;

/// <summary>
/// Synthetic learning curves that cross and diverge (Rakotoarison et al. 2024, ifBO), minimised. x1, x2 in [0, 1] set where a curve ends:
/// 0.05 + 0.6·distance² to (0.3, 0.7); its shape, a mixture of four families, is drawn from x1 and x2, so that equal points have equal
/// curves.
/// </summary>
public sealed class LearningCurves() : ClosedForm("learning_curves", Spaces.UnitCube(2), Goal.Minimize, 0.05)
{
    private const double Start = 1;

    /// <inheritdoc/>
    public override double Value(Configuration configuration, Level level, ulong seed)
    {
        var (x1, x2) = (configuration.Number("x1"), configuration.Number("x2"));
        var end = 0.05 + 0.6 * ((x1 - 0.3) * (x1 - 0.3) + (x2 - 0.7) * (x2 - 0.7));
        var mix = SplitMix64.Mix((ulong)BitConverter.DoubleToInt64Bits(x1)) ^ (ulong)BitConverter.DoubleToInt64Bits(x2);
        return CurveMixture.Draw(new SplitMix64(mix)).At((double)level.Epoch / level.Epochs, Start, end);
    }
}
