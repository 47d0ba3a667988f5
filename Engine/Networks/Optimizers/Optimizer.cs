using Engine.Numerics;

namespace Engine.Networks;

/// <summary>
/// Turns gradients into steps. Per batch, <see cref="Begin"/> is called once and fixes the step's coefficients; then <see cref="Update"/>
/// once for every slice of every parameter.
/// </summary>
public abstract class Optimizer
{
    /// <summary>How many numbers are remembered per weight, 0 … 2.</summary>
    public abstract int Moments { get; }

    /// <summary>Whether weight decay shrinks the weights directly (AdamW) instead of joining the gradient (L2).</summary>
    public virtual bool DecouplesDecay => false;

    /// <summary>What the optimizer remembers beside the moments, saved in checkpoints; empty for most.</summary>
    public virtual Span<double> State => [];

    /// <summary>Starts a step.</summary>
    public abstract void Begin(in StepInfo step);

    /// <summary>Moves a slice of weights by this step.</summary>
    public abstract void Update(in UpdateSlice slice);

    /// <summary>Runs a rule over a slice.</summary>
    protected static void Apply<TRule>(in TRule rule, in UpdateSlice slice) where TRule : struct, IUpdateRule =>
        SimdPath.Run(new UpdateLoop<TRule> { Rule = rule, Slice = slice });
}

/// <summary>What an optimizer knows when a step begins.</summary>
/// <param name="Number">Steps of the run so far, this one included: from 1.</param>
/// <param name="LearningRate">From the schedule.</param>
/// <param name="Loss">The mean loss of the batch.</param>
public readonly record struct StepInfo(long Number, double LearningRate, double Loss);
