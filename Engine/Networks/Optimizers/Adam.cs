using Engine.Numerics;

namespace Engine.Networks;

/// <summary>Adam (Kingma, Ba 2015, algorithm 1), and AdamW when decay is decoupled (Loshchilov, Hutter 2019, algorithm 2).</summary>
/// <param name="beta1">β₁ in [0, 1).</param>
/// <param name="beta2">β₂ in [0, 1).</param>
/// <param name="epsilon">ε &gt; 0.</param>
/// <param name="decouplesDecay">True for AdamW.</param>
public sealed class Adam(double beta1, double beta2, double epsilon, bool decouplesDecay = false) : Optimizer
{
    private AdamStep rule;

    /// <inheritdoc/>
    public override int Moments => AdamStep.Moments;

    /// <inheritdoc/>
    public override bool DecouplesDecay => decouplesDecay;

    /// <inheritdoc/>
    public override void Begin(in StepInfo step)
    {
        var moment = step.LearningRate / (1 - Elementary.Power(beta1, step.Number));
        var root = 1 / Math.Sqrt(1 - Elementary.Power(beta2, step.Number));
        rule = new AdamStep(beta1, beta2, epsilon, moment, 0, root);
    }

    /// <inheritdoc/>
    public override void Update(in UpdateSlice slice) => Apply(rule, slice);
}
