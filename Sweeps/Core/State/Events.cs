namespace Sweeps.Core;

/// <summary>
/// A fact of a sweep's log. Immutable; each type has a name and a version in the log's format and is never changed, only followed.
/// </summary>
public abstract record SweepEvent;

/// <summary>An event in its place in the log.</summary>
/// <param name="Seq">From 1, without gaps.</param>
/// <param name="At">When it was decided, UTC.</param>
/// <param name="Event">The fact.</param>
public sealed record LoggedEvent(long Seq, DateTimeOffset At, SweepEvent Event);

/// <summary>The sweep was created from the text of a sweep file.</summary>
public sealed record SweepCreated(string Sweep, string Spec, string By) : SweepEvent;

/// <summary>A person changed what the sweep does.</summary>
/// <param name="By">Who.</param>
/// <param name="Why">Their words, may be empty.</param>
/// <param name="Action">What.</param>
/// <param name="Id">The id of the command (<see cref="Steer"/>), or null.</param>
public sealed record SweepSteered(string By, string Why, SteerAction Action, string? Id = null) : SweepEvent;

/// <summary>The sweep ended: nothing runs and nothing will.</summary>
public sealed record SweepEnded(SweepOutcome Outcome, Reason Reason) : SweepEvent;

/// <summary>A run was created.</summary>
/// <param name="Run">Its number: the next one.</param>
/// <param name="Configuration">Its point.</param>
/// <param name="Seed">Its training seed.</param>
/// <param name="Bracket">The ladder it belongs to, 0 where there is one.</param>
/// <param name="Note">For instance that the point equals an earlier one; may be null.</param>
/// <param name="Proposal">The number under which the search proposed it; null when a person or the sweep file enqueued it.</param>
/// <param name="Seen">
/// The last event whose results the proposal knew (<see cref="Core.Proposal"/>); null when it knew all before this one.
/// </param>
public sealed record RunCreated(
    int Run, Configuration Configuration, ulong Seed, int Bracket, string? Note, int? Proposal = null, long? Seen = null) : SweepEvent;

/// <summary>A run was assigned to a slot of a node under a new generation, to train until an epoch.</summary>
public sealed record RunAssigned(int Run, int Generation, string Node, int UntilEpoch) : SweepEvent;

/// <summary>An epoch was recorded, once. The verdict is the answer that a repetition of the report gets again.</summary>
public sealed record EpochRecorded(
    int Run, int Generation, int Epoch, IReadOnlyDictionary<string, double> Metrics, double Seconds, Verdict Verdict) : SweepEvent;

/// <summary>A run was paused at a rung, or at the end of its assignment.</summary>
public sealed record RunPaused(int Run, Reason Reason) : SweepEvent;

/// <summary>A paused run was promoted past its rung and waits for a slot.</summary>
public sealed record RunPromoted(int Run, Reason Reason) : SweepEvent;

/// <summary>A run was stopped for good.</summary>
public sealed record RunStopped(int Run, Reason Reason) : SweepEvent;

/// <summary>A run reached its last epoch.</summary>
public sealed record RunFinished(int Run, Reason Reason) : SweepEvent;

/// <summary>A run diverged.</summary>
public sealed record RunDiverged(int Run, Reason Reason) : SweepEvent;

/// <summary>A run failed. When it is not <paramref name="Permanent"/> it is queued again.</summary>
public sealed record RunFailed(int Run, int Generation, string Error, bool Permanent) : SweepEvent;

/// <summary>A run's node died, froze or forgot it; it is queued ahead of new work.</summary>
public sealed record RunLost(int Run, int Generation, string Node, string Why) : SweepEvent;

/// <summary>A node gave the run back with its checkpoint written; it is queued ahead of new work.</summary>
public sealed record RunReleased(int Run, int Generation, string Node) : SweepEvent;

/// <summary>
/// Epochs that were trained again under <paramref name="Generation"/>, for the record; <paramref name="Why"/> says why the run's checkpoint
/// could not be used, and is null after an ordinary loss.
/// </summary>
public sealed record EpochsWasted(int Run, int Generation, int Epochs, string? Why = null) : SweepEvent;

/// <summary>A run's weights of an epoch were evaluated on the test part, or could not be (<paramref name="Error"/>).</summary>
public sealed record TestEvaluated(int Run, int Epoch, IReadOnlyDictionary<string, double> Metrics, string? Error = null) : SweepEvent;

/// <summary>How a sweep ended. Written numbers: they are in logs.</summary>
public enum SweepOutcome
{
    /// <summary>All there was to do is done.</summary>
    Finished = 0,

    /// <summary>A person stopped it.</summary>
    Stopped = 1,

    /// <summary>A person cancelled it.</summary>
    Cancelled = 2,

    /// <summary>Every run failed.</summary>
    Failed = 3,
}
