namespace Sweeps.Core;

/// <summary>Something that asks the machine for a decision. Time arrives inside.</summary>
/// <param name="At">When it was received, UTC.</param>
public abstract record Command(DateTimeOffset At);

/// <summary>
/// Heartbeat and pull in one: a node says what it is running and how many slots are free. Answered by <see cref="WorkReply"/>. A node has at
/// most one request with free slots open; repeated after a lost reply, it gets the same assignments again.
/// </summary>
/// <param name="At">When it was received.</param>
/// <param name="Node">The node's name, unique per process start.</param>
/// <param name="Free">Slots that could start now.</param>
/// <param name="Running">The full list of this sweep's runs on the node.</param>
public sealed record RequestWork(DateTimeOffset At, string Node, int Free, IReadOnlyList<RunLease> Running) : Command(At);

/// <summary>The end of an epoch. Answered by <see cref="VerdictReply"/>. May be repeated: applying is idempotent.</summary>
/// <param name="At">When it was received.</param>
/// <param name="Node">The node that trained it.</param>
/// <param name="Run">The run.</param>
/// <param name="Generation">The assignment under which it was trained.</param>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Metrics">Metric name → value. NaN and infinity are allowed: a diverged epoch has them.</param>
/// <param name="Seconds">Wall time of the epoch; a fact about the machine, not about the run.</param>
/// <param name="Divergence">Why training cannot go on, or null.</param>
/// <param name="Last">The trainable itself is done (its own early stopping): no further epoch will come.</param>
/// <param name="Restarted">Why the run was trained from its first epoch again although it had a checkpoint, or null.</param>
public sealed record ReportEpoch(
    DateTimeOffset At, string Node, int Run, int Generation, int Epoch, IReadOnlyDictionary<string, double> Metrics, double Seconds,
    string? Divergence = null, bool Last = false, string? Restarted = null) : Command(At);

/// <summary>A node gives a run back with its checkpoint written (drain, interruption). Answered by <see cref="Acknowledged"/>.</summary>
public sealed record ReleaseRun(DateTimeOffset At, string Node, int Run, int Generation) : Command(At);

/// <summary>
/// A run could not be trained. A <paramref name="Permanent"/> error is not tried again. Answered by <see cref="Acknowledged"/>.
/// </summary>
public sealed record FailRun(DateTimeOffset At, string Node, int Run, int Generation, string Error, bool Permanent) : Command(At);

/// <summary>A node is known to be dead (membership): its runs are lost at once. Answered by <see cref="Acknowledged"/>.</summary>
public sealed record LoseNode(DateTimeOffset At, string Node) : Command(At);

/// <summary>
/// Time has passed: runs unreported for the lease time are lost, a wall-time budget may end. Answered by <see cref="Acknowledged"/>.
/// </summary>
public sealed record Tick(DateTimeOffset At) : Command(At);

/// <summary>
/// The best weights of an ended sweep were evaluated on the test part, or could not be. Recorded once; an answer about another run or epoch
/// than the best is dropped. Answered by <see cref="Acknowledged"/>.
/// </summary>
/// <param name="At">When it was received.</param>
/// <param name="Run">The run.</param>
/// <param name="Epoch">The epoch of the weights.</param>
/// <param name="Metrics">Metric name → value; empty when there is no test part.</param>
/// <param name="Error">Why the weights could not be evaluated, or null.</param>
public sealed record RecordTest(
    DateTimeOffset At, int Run, int Epoch, IReadOnlyDictionary<string, double> Metrics, string? Error = null) : Command(At);

/// <summary>A person steers the sweep. Answered by <see cref="SteerReply"/>.</summary>
/// <param name="At">When.</param>
/// <param name="By">Who.</param>
/// <param name="Why">Their words, may be empty.</param>
/// <param name="Action">What.</param>
/// <param name="Id">
/// Unique per wish, so that a repetition after a lost answer is answered again and does nothing; null where the sender never repeats.
/// </param>
public sealed record Steer(DateTimeOffset At, string By, string Why, SteerAction Action, string? Id = null) : Command(At)
{
    /// <summary>The command for what a person wants.</summary>
    public Steer(SweepSteered wish) : this(default, wish.By, wish.Why, wish.Action, wish.Id) { }
}

/// <summary>What a person can do to a live or finished sweep.</summary>
public abstract record SteerAction
{
    private SteerAction() { }

    /// <summary>Start nothing new; what runs goes on.</summary>
    public sealed record Pause : SteerAction;

    /// <summary>Undo a pause or a stop.</summary>
    public sealed record Resume : SteerAction;

    /// <summary>Let what runs finish its assignment, then end.</summary>
    public sealed record Stop : SteerAction;

    /// <summary>End now; running epochs are thrown away.</summary>
    public sealed record Cancel : SteerAction;

    /// <summary>Stop one run for good.</summary>
    public sealed record StopRun(int Run) : SteerAction;

    /// <summary>Never stop this run by a rule: it trains to its last epoch.</summary>
    public sealed record PinRun(int Run) : SteerAction;

    /// <summary>Promote a paused or stopped run past its rung by hand.</summary>
    public sealed record PromoteRun(int Run) : SteerAction;

    /// <summary>Add a configuration ahead of the search's own.</summary>
    public sealed record Enqueue(Configuration Configuration) : SteerAction;

    /// <summary>
    /// Replace the sweep file: another run_cap, budget, eta, max_iter or space. The new text is a complete sweep file. Changing a finished
    /// sweep so that there is more to do reopens it: old winners go on from their checkpoints.
    /// </summary>
    public sealed record Change(string Spec) : SteerAction;
}
