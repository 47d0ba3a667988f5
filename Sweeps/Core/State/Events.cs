namespace Sweeps.Core;

/// <summary>
/// An event of a sweep's log. Immutable. Each type has a name and a version in the log's format; a change of a type gets a new version, so that
/// old logs stay readable.
/// </summary>
public abstract record SweepEvent;

/// <summary>An event with its position in the log.</summary>
/// <param name="Seq">The event's number: from 1, without gaps.</param>
/// <param name="At">The time of the decision, UTC.</param>
/// <param name="Event">The event.</param>
public sealed record LoggedEvent(long Seq, DateTimeOffset At, SweepEvent Event);

/// <summary>The sweep was created from the text of a sweep file.</summary>
public sealed record SweepCreated(string Sweep, string Spec, string By) : SweepEvent;

/// <summary>A person steered the sweep.</summary>
/// <param name="By">The person's name.</param>
/// <param name="Why">The person's reason, may be empty.</param>
/// <param name="Action">The action.</param>
/// <param name="Id">The id of the command (<see cref="Steer"/>), or null.</param>
public sealed record SweepSteered(string By, string Why, SteerAction Action, string? Id = null) : SweepEvent;

/// <summary>The sweep ended: no run is running and none will be started.</summary>
public sealed record SweepEnded(SweepOutcome Outcome, Reason Reason) : SweepEvent;

/// <summary>A run was created.</summary>
/// <param name="Run">Its number: the next one.</param>
/// <param name="Configuration">Its hyperparameters.</param>
/// <param name="Seed">Its training seed.</param>
/// <param name="Bracket">Its bracket, 0 for rules without brackets.</param>
/// <param name="Note">A note, for instance that an earlier run has the same configuration; or null.</param>
/// <param name="Proposal">The index of the search's proposal; null when a person or the sweep file enqueued the configuration.</param>
/// <param name="Seen">
/// The last event in the history of the proposal (<see cref="Core.Proposal"/>); null when that was the event before this one.
/// </param>
/// <param name="Confirms">The run whose configuration it trains again (<see cref="SteerAction.Confirm"/>); null for a run of the search.</param>
/// <param name="Repeat">The index of the confirmation's seed, from 0; 0 for a run of the search.</param>
public sealed record RunCreated(
    int Run, Configuration Configuration, ulong Seed, int Bracket, string? Note, int? Proposal = null, long? Seen = null, int? Confirms = null,
    int Repeat = 0) : SweepEvent;

/// <summary>
/// A review of the ended search started: the best runs are confirmed, or stopped runs are trained to their last epoch. If the search had
/// not ended, it ends with this event. The sweep then ends with the outcome and reason of the search.
/// </summary>
/// <param name="Audit">Whether stopped runs are trained to their last epoch; otherwise the best runs are confirmed.</param>
/// <param name="Runs">The best runs, best first, or the random sample of stopped ones.</param>
/// <param name="Seeds">The largest number of seeds per confirmed run; 0 for an audit.</param>
/// <param name="Outcome">The outcome of the search.</param>
/// <param name="Reason">The reason of the search's end.</param>
public sealed record ReviewStarted(bool Audit, IReadOnlyList<int> Runs, int Seeds, SweepOutcome Outcome, Reason Reason) : SweepEvent;

/// <summary>A run was assigned to a slot of a node under a new generation, to train until an epoch.</summary>
public sealed record RunAssigned(int Run, int Generation, string Node, int UntilEpoch) : SweepEvent;

/// <summary>An epoch was recorded. Each epoch is recorded once; a repeated report gets the same verdict.</summary>
public sealed record EpochRecorded(
    int Run, int Generation, int Epoch, IReadOnlyDictionary<string, double> Metrics, double Seconds, Verdict Verdict) : SweepEvent;

/// <summary>A run was paused at a rung, or at the end of its assignment.</summary>
public sealed record RunPaused(int Run, Reason Reason) : SweepEvent;

/// <summary>A paused run was promoted past its rung and waits for a slot.</summary>
public sealed record RunPromoted(int Run, Reason Reason) : SweepEvent;

/// <summary>A run was stopped permanently.</summary>
public sealed record RunStopped(int Run, Reason Reason) : SweepEvent;

/// <summary>A run reached its last epoch.</summary>
public sealed record RunFinished(int Run, Reason Reason) : SweepEvent;

/// <summary>A run diverged.</summary>
public sealed record RunDiverged(int Run, Reason Reason) : SweepEvent;

/// <summary>A run failed. It is queued again unless the failure is <paramref name="Permanent"/>.</summary>
public sealed record RunFailed(int Run, int Generation, string Error, bool Permanent) : SweepEvent;

/// <summary>A run's node died, hung or lost the run; the run is queued before new runs.</summary>
public sealed record RunLost(int Run, int Generation, string Node, string Why) : SweepEvent;

/// <summary>A node returned the run with a checkpoint; the run is queued before new runs.</summary>
public sealed record RunReleased(int Run, int Generation, string Node) : SweepEvent;

/// <summary>
/// Epochs were trained again under <paramref name="Generation"/>. <paramref name="Why"/> is the reason why the run's checkpoint could not
/// be used; null when training continued from the checkpoint.
/// </summary>
public sealed record EpochsWasted(int Run, int Generation, int Epochs, string? Why = null) : SweepEvent;

/// <summary>A note about a run without effect on decisions; <paramref name="Topic"/> is one of <see cref="NoteTopic"/>.</summary>
public sealed record RunNoted(int Run, int Generation, string Topic, string Text) : SweepEvent;

/// <summary>The topics of <see cref="RunNoted"/>.</summary>
public static class NoteTopic
{
    /// <summary>
    /// The program that trained the run: its hash, commit and interpreter. Recorded only if no earlier run of the sweep had the same one,
    /// so that every note after the first is a change.
    /// </summary>
    public const string Program = "program";

    /// <summary>An epoch that was trained again gave another value.</summary>
    public const string Differs = "differs";
}

/// <summary>A run's weights of an epoch were evaluated on the test part, or could not be (<paramref name="Error"/>).</summary>
public sealed record TestEvaluated(int Run, int Epoch, IReadOnlyDictionary<string, double> Metrics, string? Error = null) : SweepEvent;

/// <summary>A hook of the sweep file was called.</summary>
/// <param name="Name"><see cref="Hook.Best"/> or <see cref="Hook.End"/>.</param>
/// <param name="Error">The reason of the failure, for the user; null when the call succeeded.</param>
public sealed record HookRan(string Name, string? Error = null) : SweepEvent;

/// <summary>The outcome of a sweep. The numbers are explicit because logs contain them.</summary>
public enum SweepOutcome
{
    /// <summary>All work is done, or a budget or the target was reached.</summary>
    Finished = 0,
    Stopped = 1,
    Cancelled = 2,
    Failed = 3,
}
