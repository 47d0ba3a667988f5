using Sweeps.Core;
using Sweeps.Core.Space;

namespace Sweeps.Training.Functions;

/// <summary>
/// A function, minimised, of a mixed space like that of a network: categorical, logarithmic, integer and conditional parameters. The minimum is 0 at
/// adam, lr 1e-3, batch 32, width 256, dropout 0.2. Fidelity z adds 0.3·(1 − z)·(1 + |log₁₀ lr − its optimum|), so that a poor learning rate costs
/// more in early epochs.
/// </summary>
public sealed class Mixed() : ClosedForm("mixed", MakeSpace(), Goal.Minimize, 0)
{
    /// <inheritdoc/>
    public override double Value(Configuration configuration, FidelityLevel level, ulong seed)
    {
        var optimizer = configuration.Word("optimizer");
        var (offset, best) = optimizer switch
        {
            "sgd" => (0.12, -1.0),
            "momentum" => (0.02, -1.5),
            "adam" => (0.0, -3.0),
            "rmsprop" => (0.05, -3.2),
            _ => throw new ArgumentException($"The parameter 'optimizer' must be sgd, momentum, adam or rmsprop, not '{optimizer}'."),
        };
        var rate = Math.Log10(configuration.Number("lr")) - best;
        var batch = Math.Log2(configuration.Number("batch")) - 5;
        var width = (Math.Log2(configuration.Number("width")) - 8) / 3;
        var dropout = configuration.Number("dropout") - 0.2;
        var momentum = optimizer == "momentum" ? configuration.Number("momentum") - 0.9 : 0;
        var value = offset + 0.15 * rate * rate + 0.02 * batch * batch + 0.3 * dropout * dropout + 0.1 * width * width;
        return value + 0.5 * momentum * momentum + 0.3 * (1 - level.Z) * (1 + Math.Abs(rate));
    }

    private static SearchSpace MakeSpace() => Spaces.Of(
        Spaces.Choice("optimizer", "sgd", "momentum", "adam", "rmsprop"),
        Spaces.Log("lr", 1e-5, 1),
        Spaces.LogInteger("batch", 8, 512),
        Spaces.Integer("width", 16, 512),
        Spaces.Uniform("dropout", 0, 0.6),
        Spaces.Uniform("momentum", 0, 0.99).When("optimizer", "momentum"));
}
