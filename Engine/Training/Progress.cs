using Engine.Networks;

namespace Engine.Training;

/// <summary>The progress of a run, as saved in checkpoints. The sums are over the finished batches of the current epoch.</summary>
/// <param name="Epoch">Finished epochs.</param>
/// <param name="Batch">Finished batches of the current epoch.</param>
/// <param name="Steps">Optimizer steps of the run.</param>
/// <param name="Passes">Training passes of the run; the step in the key of dropout masks.</param>
/// <param name="Examples">Examples of the finished batches.</param>
/// <param name="Loss">The sum of their losses.</param>
/// <param name="Correct">The number of their correct predictions.</param>
/// <param name="GradientNorm">The sum of the steps' gradient norms.</param>
/// <param name="Seconds">Wall time of the epoch before an interruption.</param>
/// <param name="Diverged">Whether training has ended in divergence.</param>
internal readonly record struct Progress(
    int Epoch, int Batch, long Steps, ulong Passes, long Examples, double Loss, long Correct, double GradientNorm, double Seconds, bool Diverged)
{
    /// <summary>The progress at the start of the next epoch.</summary>
    public Progress NextEpoch() => new Progress { Epoch = Epoch + 1, Steps = Steps, Passes = Passes };
}
