using System.Runtime.CompilerServices;
using Engine.Data;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>A loss that is a sum over outputs: factor · Σ ℓ(output, target).</summary>
/// <remarks>ℓ is a struct, so that the compiler inlines it into the loop.</remarks>
internal sealed class OutputLoss<T>(LossOptions options, T term, double factor) : Loss where T : struct, IOutputTerm
{
    private readonly int width = options.Output.Count;
    private readonly bool counts = options.Output.Task == LearningTask.MultiLabel;
    private readonly float[] positiveWeights = [.. options.Output.Weights ?? Enumerable.Repeat(1f, options.Output.Count)];

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override unsafe LossSum Evaluate(Rows outputs, BatchTargets targets, Rows gradient, float scale)
    {
        var sum = 0.0;
        var correct = 0;
        var training = gradient.Count > 0;
        for (var row = 0; row < outputs.Count; row++)
            for (var i = 0; i < width; i++)
            {
                float output = outputs[row][i], target = targets.Values[row][i];
                var (loss, slope) = term.Of(output, target);
                if (training)
                {
                    var weight = target > 0.5f ? positiveWeights[i] : 1;
                    gradient[row][i] = (float)(weight * factor * scale * slope);
                    loss *= weight;
                }
                sum += loss;
                correct += counts && output > 0 == target > 0.5f ? 1 : 0;
            }
        return new LossSum(factor * sum, correct);
    }
}

/// <summary>The loss of one output.</summary>
internal interface IOutputTerm
{
    /// <summary>ℓ and ∂ℓ/∂output.</summary>
    (double Loss, double Slope) Of(double output, double target);
}

/// <summary>(output − target)².</summary>
internal readonly struct SquaredDifference : IOutputTerm
{
    public (double Loss, double Slope) Of(double output, double target)
    {
        var difference = output - target;
        return (difference * difference, 2 * difference);
    }
}

/// <summary>|output − target|; the derivative is 0 when they are equal.</summary>
internal readonly struct AbsoluteDifference : IOutputTerm
{
    public (double Loss, double Slope) Of(double output, double target)
    {
        var difference = output - target;
        return (Math.Abs(difference), double.IsNaN(difference) ? difference : Math.Sign(difference));
    }
}

/// <summary>½d² for |d| ≤ δ, else δ(|d| − ½δ), with d = output − target (Huber 1964, eq. 2.3).</summary>
internal readonly struct HuberDifference(double delta) : IOutputTerm
{
    public (double Loss, double Slope) Of(double output, double target)
    {
        var difference = output - target;
        return Math.Abs(difference) > delta
            ? (delta * (Math.Abs(difference) - 0.5 * delta), delta * Math.Sign(difference))
            : (0.5 * difference * difference, difference);
    }
}

/// <summary>
/// −t log σ(z) − (1 − t) log(1 − σ(z)) = max(z, 0) − z·t + log(1 + e^−|z|), with t = target·(1 − ε) + ½ε; the derivative is σ(z) − t.
/// </summary>
internal readonly struct SigmoidCrossEntropy(double smoothing) : IOutputTerm
{
    public (double Loss, double Slope) Of(double output, double target)
    {
        var t = target * (1 - smoothing) + 0.5 * smoothing;
        var e = Elementary.Exp(-Math.Abs(output));
        var sigmoid = output >= 0 ? 1 / (1 + e) : e / (1 + e);
        return (Math.Max(output, 0) - output * t + Elementary.Log(1 + e), sigmoid - t);
    }
}
