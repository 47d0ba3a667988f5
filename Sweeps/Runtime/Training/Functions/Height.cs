using Sweeps.Core;

namespace Sweeps.Training.Functions;

/// <summary>
/// The toy loss of Syne Tune, minimised: 1 / (0.1 + width·s/100) + 0.1·height at step s = e − 1, independent of R. Its optimum at R epochs is
/// 1 / (0.1 + 0.2·(R − 1)) − 10; <see cref="ClosedForm.Optimum"/> is the limit for large R.
/// </summary>
public sealed class Height() : ClosedForm(
    "height", Spaces.Of(Spaces.Uniform("width", 0, 20), Spaces.Uniform("height", -100, 100)), Goal.Minimize, -10)
{
    /// <inheritdoc/>
    public override double Value(Configuration configuration, FidelityLevel level, ulong seed) =>
        1 / (0.1 + configuration.Number("width") * (level.Epoch - 1) / 100) + 0.1 * configuration.Number("height");
}
