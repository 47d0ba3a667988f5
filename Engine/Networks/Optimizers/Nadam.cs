using Engine.Numerics;

namespace Engine.Networks;

/// <summary>The bias correction of the mean gradient in <see cref="Nadam"/>.</summary>
public enum NadamForm
{
    /// <summary>By the products of the momentum schedule μₜ = β₁(1 − ½·0.96^(tψ)), as in PyTorch.</summary>
    Scheduled = 0,
    /// <summary>With a constant μₜ = β₁: the mean gradient is divided by 1 − β₁ᵗ⁺¹ and the gradient by 1 − β₁ᵗ (Dozat).</summary>
    Dozat = 1,
    /// <summary>With a constant μₜ = β₁: both are divided by 1 − β₁ᵗ, the simplified form of most course notes.</summary>
    Course = 2,
}

/// <summary>Adam with Nesterov momentum (Dozat 2016), in three forms. The state is the product of all μ so far.</summary>
/// <param name="beta1">β₁ in [0, 1).</param>
/// <param name="beta2">β₂ in [0, 1).</param>
/// <param name="epsilon">ε &gt; 0.</param>
/// <param name="momentumDecay">ψ; 0.004 in PyTorch. Used only by <see cref="NadamForm.Scheduled"/>.</param>
/// <param name="form">The bias correction.</param>
public sealed class Nadam(double beta1, double beta2, double epsilon, double momentumDecay, NadamForm form) : Optimizer
{
    private readonly double[] product = [1];
    private AdamStep rule;

    /// <inheritdoc/>
    public override int Moments => AdamStep.Moments;

    /// <inheritdoc/>
    public override Span<double> State => product;

    /// <inheritdoc/>
    public override void Begin(in StepInfo step)
    {
        var now = Mu(step.Number);
        var next = Mu(step.Number + 1);
        product[0] *= now;
        var moment = step.LearningRate * next / (1 - (form == NadamForm.Course ? product[0] : product[0] * next));
        var gradient = step.LearningRate * (1 - now) / (1 - product[0]);
        var root = 1 / Math.Sqrt(1 - Elementary.Power(beta2, step.Number));
        rule = new AdamStep(beta1, beta2, epsilon, moment, gradient, root);
    }

    /// <inheritdoc/>
    public override void Update(in UpdateSlice slice) => Apply(rule, slice);

    private double Mu(long step) =>
        form == NadamForm.Scheduled ? beta1 * (1 - 0.5 * Elementary.Exp(step * momentumDecay * Elementary.Log(0.96))) : beta1;
}
