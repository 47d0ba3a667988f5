namespace Sweeps.Core;

/// <summary>The state of a run. The numbers are explicit because snapshots and contracts contain them.</summary>
public enum RunState
{
    /// <summary>Waiting for a slot: created, lost, released, promoted or failed once.</summary>
    Queued = 0,

    /// <summary>Assigned to a slot.</summary>
    Running = 1,

    /// <summary>Waiting at a rung, with a checkpoint, until it is promoted or stopped.</summary>
    Paused = 2,

    /// <summary>Trained to its last epoch.</summary>
    Finished = 3,

    /// <summary>
    /// Ended early by a rule, a person or the end of the sweep. A change of the sweep file, the undoing of a stop, a promotion by a person
    /// or an audit can continue it.
    /// </summary>
    Stopped = 4,

    /// <summary>Ended by NaN, infinity or an exploding loss.</summary>
    Diverged = 5,

    /// <summary>Ended by a permanent error, for instance a configuration that cannot be built or a program that crashes each time.</summary>
    Failed = 6,
}

/// <summary>The answer to an epoch's report.</summary>
public enum Verdict
{
    /// <summary>Train the next epoch.</summary>
    Continue = 0,

    /// <summary>
    /// The run is at a rung or at the end of its assignment: keep its checkpoint and free the slot. The run may continue later.
    /// </summary>
    Pause = 1,

    /// <summary>The run has ended (stopped, finished or diverged): free the slot.</summary>
    Stop = 2,

    /// <summary>
    /// The run was assigned under a newer generation or taken from the node: write no checkpoint, discard the training state and free the
    /// slot.
    /// </summary>
    Abandon = 3,
}

/// <summary>The reason of a decision, in numbers. <c>sweep why</c> prints it. Numbers that the rule does not use are null.</summary>
/// <param name="Rule">
/// The rule: <c>asha</c>, <c>median</c>, <c>patience</c>, <c>target</c>, <c>diverged</c>, <c>budget</c>, <c>person</c> …
/// </param>
/// <param name="Rung">The epoch at which runs were compared.</param>
/// <param name="Bracket">The bracket, from 0, for rules with brackets.</param>
/// <param name="Rank">The run's rank, from 1 for the best; ties by run number.</param>
/// <param name="Count">The number of compared values, including the run's own.</param>
/// <param name="Value">The run's value, as reported.</param>
/// <param name="Cutoff">The value with which it was compared, as reported.</param>
/// <param name="Detail">Further explanation, or null.</param>
public sealed record Reason(
    string Rule, int? Rung = null, int? Bracket = null, int? Rank = null, int? Count = null, double? Value = null, double? Cutoff = null,
    string? Detail = null);
