namespace Sweeps.Core;

/// <summary>Where a run stands. Written numbers: they are in snapshots and contracts.</summary>
public enum RunState
{
    /// <summary>Created, lost, released or promoted: waiting for a slot.</summary>
    Queued = 0,

    /// <summary>Assigned to a slot.</summary>
    Running = 1,

    /// <summary>At a rung, with a checkpoint, waiting to be promoted or given up.</summary>
    Paused = 2,

    /// <summary>Trained to its last epoch.</summary>
    Finished = 3,

    /// <summary>
    /// Ended early by a rule, a person or the end of the sweep. If a run is stopped, it is not resumed, unless the sweep is extended.
    /// </summary>
    Stopped = 4,

    /// <summary>Ended by NaN, infinity or an exploding loss.</summary>
    Diverged = 5,

    /// <summary>Ended by an error that comes again: a configuration that cannot be built, a program that crashes each time.</summary>
    Failed = 6,
}

/// <summary>The answer to an epoch's report.</summary>
public enum Verdict
{
    /// <summary>Train the next epoch.</summary>
    Continue = 0,

    /// <summary>
    /// The run is at a rung or at the end of its assignment: keep its checkpoint, free the slot. It may be resumed later.
    /// </summary>
    Pause = 1,

    /// <summary>The run is over (stopped, finished or diverged): free the slot.</summary>
    Stop = 2,

    /// <summary>This generation no longer owns the run: drop all that is in memory, write nothing more, free the slot.</summary>
    Abandon = 3,
}

/// <summary>
/// Why something was decided, in numbers (what <c>sweep why</c> prints). Null where a number has no meaning for the rule.
/// </summary>
/// <param name="Rule">
/// The rule: <c>asha</c>, <c>median</c>, <c>patience</c>, <c>target</c>, <c>diverged</c>, <c>budget</c>, <c>person</c> …
/// </param>
/// <param name="Rung">The epoch at which runs were compared.</param>
/// <param name="Bracket">The ladder of rungs, from 0, where there are several.</param>
/// <param name="Rank">The run's place, from 1 for the best; ties by run number.</param>
/// <param name="Count">How many values were compared, its own included.</param>
/// <param name="Value">The run's value, as reported.</param>
/// <param name="Cutoff">The value it was held against, as reported.</param>
/// <param name="Detail">What the numbers do not say.</param>
public sealed record Reason(
    string Rule, int? Rung = null, int? Bracket = null, int? Rank = null, int? Count = null, double? Value = null, double? Cutoff = null,
    string? Detail = null);

/// <summary>A run on a node's slot, and the generation it was assigned under.</summary>
/// <param name="Test">Whether it is not trained but evaluated on the test part (<see cref="Assignment.Test"/>).</param>
public readonly record struct RunLease(int Run, int Generation, bool Test = false);

/// <summary>Work for a free slot.</summary>
/// <param name="Run">The run's number.</param>
/// <param name="Generation">How many times the run has been assigned: the fence of its reports and checkpoints.</param>
/// <param name="Configuration">What to train.</param>
/// <param name="Seed">The training seed of the run.</param>
/// <param name="RecordedEpoch">The last epoch in the log: reports up to here are repetitions.</param>
/// <param name="UntilEpoch">The last epoch of this assignment.</param>
/// <param name="WaitAt">
/// Epochs, ascending, at which a checkpoint is written and the verdict awaited before training on; the last is
/// <paramref name="UntilEpoch"/>.
/// </param>
/// <param name="Test">
/// Whether the run is over and its weights of <paramref name="UntilEpoch"/>, its best epoch, are to be evaluated on the test part. The
/// generation is that of the last training.
/// </param>
public sealed record Assignment(
    int Run, int Generation, Configuration Configuration, ulong Seed, int RecordedEpoch, int UntilEpoch, IReadOnlyList<int> WaitAt,
    bool Test = false);
