using Engine.Numerics;

namespace Engine.Networks;

/// <summary>
/// Eve (Hayashi, Koushik, Neubig 2018, algorithm 1): Adam whose learning rate is divided by a smoothed relative change of the loss: small
/// steps while the loss changes much, large steps while it is flat.
/// </summary>
/// <param name="beta1">β₁ in [0, 1).</param>
/// <param name="beta2">β₂ in [0, 1).</param>
/// <param name="beta3">β₃ in [0, 1): smoothing of the loss feedback.</param>
/// <param name="clip">c ≥ 1: the relative change is kept in [1/c, c].</param>
/// <param name="epsilon">ε &gt; 0.</param>
/// <remarks>The paper's lower bound f* of the loss is 0, which holds for every loss in <see cref="Losses"/>.</remarks>
public sealed class Eve(double beta1, double beta2, double beta3, double clip, double epsilon) : Optimizer
{
    /// <summary>The loss of the previous step, and the smoothed feedback d.</summary>
    private readonly double[] state = [0, 1];
    private AdamStep rule;

    /// <inheritdoc/>
    public override int Moments => AdamStep.Moments;

    /// <inheritdoc/>
    public override Span<double> State => state;

    /// <inheritdoc/>
    public override void Begin(in StepInfo step)
    {
        if (step.Number > 1)
        {
            var change = Math.Abs(step.Loss - state[0]) / Math.Max(Math.Min(step.Loss, state[0]), 1e-12);
            state[1] = beta3 * state[1] + (1 - beta3) * Math.Clamp(change, 1 / clip, clip);
        }
        state[0] = step.Loss;
        var moment = step.LearningRate / state[1] / (1 - Elementary.Power(beta1, step.Number));
        var root = 1 / Math.Sqrt(1 - Elementary.Power(beta2, step.Number));
        rule = new AdamStep(beta1, beta2, epsilon, moment, 0, root);
    }

    /// <inheritdoc/>
    public override void Update(in UpdateSlice slice) => Apply(rule, slice);
}
