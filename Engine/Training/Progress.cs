using Engine.Networks;

namespace Engine.Training;

/// <summary>How far a run is: what a checkpoint holds beside arrays. The sums are over the batches of the epoch that is under way.</summary>
/// <param name="Epoch">Finished epochs.</param>
/// <param name="Batch">Finished batches of the next epoch.</param>
/// <param name="Steps">Optimizer steps of the run.</param>
/// <param name="Passes">Training passes of the run; keys of dropout.</param>
/// <param name="Examples">Examples trained on.</param>
/// <param name="Loss">Their losses, added up.</param>
/// <param name="Correct">How many of them were predicted correctly.</param>
/// <param name="GradientNorm">The norms of the steps, added up.</param>
/// <param name="Seconds">Wall time spent before an interruption.</param>
/// <param name="Diverged">Whether training has ended in divergence.</param>
internal readonly record struct Progress(
    int Epoch, int Batch, long Steps, ulong Passes, long Examples, double Loss, long Correct, double GradientNorm, double Seconds, bool Diverged)
{
    /// <summary>The start of the next epoch.</summary>
    public Progress NextEpoch() => new Progress { Epoch = Epoch + 1, Steps = Steps, Passes = Passes };
}
