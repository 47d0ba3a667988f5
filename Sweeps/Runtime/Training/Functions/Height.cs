using Sweeps.Core;

namespace Sweeps.Training.Functions;

/// <summary>
/// Syne Tune's toy loss, minimised: after step s, from 0, it is 1 / (0.1 + width·s/100) + 0.1·height. Epoch e is step e − 1 whatever R, so
/// its optimum at R epochs is 1 / (0.1 + 0.2·(R − 1)) − 10; the one given is its limit for long runs.
/// </summary>
public sealed class Height() : ClosedForm(
    "height", Spaces.Of(Spaces.Uniform("width", 0, 20), Spaces.Uniform("height", -100, 100)), Goal.Minimize, -10)
{
    /// <inheritdoc/>
    public override double Value(Configuration configuration, Level level, ulong seed) =>
        1 / (0.1 + configuration.Number("width") * (level.Epoch - 1) / 100) + 0.1 * configuration.Number("height");
}
