namespace Sweeps.Core;

/// <summary>A run on a node's slot, and the generation it was assigned under.</summary>
/// <param name="Run">The run's number.</param>
/// <param name="Generation">The number of times that the run has been assigned.</param>
/// <param name="Test">Whether the node evaluates the run on the test part (<see cref="Assignment.Test"/>) and does not train it.</param>
public readonly record struct RunLease(int Run, int Generation, bool Test = false);

/// <summary>Work for a free slot.</summary>
/// <param name="Run">The run's number.</param>
/// <param name="Generation">
/// The number of times that the run has been assigned. Reports and checkpoints of an older generation are rejected.
/// </param>
/// <param name="Configuration">Its hyperparameters.</param>
/// <param name="Seed">The training seed of the run.</param>
/// <param name="RecordedEpoch">The last epoch in the log; reports up to it are repetitions.</param>
/// <param name="UntilEpoch">The last epoch of this assignment.</param>
/// <param name="WaitAt">
/// Epochs, ascending, at which the node writes a checkpoint and waits for the verdict before it continues; the last is
/// <paramref name="UntilEpoch"/>.
/// </param>
/// <param name="Test">
/// Whether the ended run's weights of <paramref name="UntilEpoch"/>, its best epoch, are evaluated on the test part. The generation is that
/// of the last training.
/// </param>
/// <param name="Split">The seed of the validation part for a confirmation; null for that of the sweep.</param>
/// <param name="Source">The finished run from whose best weights this one starts (<see cref="SweepSpec.SourceParameter"/>), or null.</param>
public sealed record Assignment(
    int Run, int Generation, Configuration Configuration, ulong Seed, int RecordedEpoch, int UntilEpoch, IReadOnlyList<int> WaitAt,
    bool Test = false, ulong? Split = null, int? Source = null)
{
    /// <summary>
    /// The version of assignments. It must be raised when an older program cannot execute a new assignment: nodes with the older program
    /// then get no work, instead of failing every run.
    /// </summary>
    public const int Format = 3;
}
