using Engine.Numerics;

namespace Engine.Networks;

/// <summary>
/// Updates weights from gradients. For each step, <see cref="Begin"/> is called once and computes the step's coefficients; then
/// <see cref="Update"/> is called once for every slice of every parameter.
/// </summary>
public abstract class Optimizer
{
    /// <summary>The number of moments per weight, 0 … 2.</summary>
    public abstract int Moments { get; }

    /// <summary>Whether weight decay is decoupled (AdamW): applied to the weights, not added to the gradient (L2).</summary>
    public virtual bool DecouplesDecay => false;

    /// <summary>The optimizer's state beside the moments, saved in checkpoints; empty by default.</summary>
    public virtual Span<double> State => [];

    /// <summary>Computes the coefficients of a step.</summary>
    public abstract void Begin(in StepInfo step);

    /// <summary>Applies the step to a slice of weights. Called by several threads for different slices.</summary>
    public abstract void Update(in UpdateSlice slice);

    /// <summary>Applies a rule to a slice.</summary>
    protected static void Apply<TRule>(in TRule rule, in UpdateSlice slice) where TRule : struct, IUpdateRule =>
        SimdPath.Run(new UpdateLoop<TRule> { Rule = rule, Slice = slice });
}

/// <summary>The inputs of a step.</summary>
/// <param name="Number">The number of the step in the run, from 1.</param>
/// <param name="LearningRate">The learning rate, including the factor of the schedule.</param>
/// <param name="Loss">The mean loss of the batch.</param>
public readonly record struct StepInfo(long Number, double LearningRate, double Loss);
