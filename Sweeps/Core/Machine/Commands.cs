namespace Sweeps.Core;

/// <summary>
/// A request for a decision of <see cref="SweepMachine"/>. It has no time: the caller of <see cref="SweepMachine.Decide"/> passes the time of
/// the decision.
/// </summary>
public abstract record Command;

/// <summary>A command that is answered by <typeparamref name="TReply"/>.</summary>
public abstract record Command<TReply> : Command where TReply : Reply
{
    internal abstract TReply DecideBy(SweepMachine machine);
}

/// <summary>A command without a result.</summary>
public abstract record Notice : Command<Acknowledged>
{
    internal sealed override Acknowledged DecideBy(SweepMachine machine)
    {
        CarryOut(machine);
        return Acknowledged.Instance;
    }

    private protected abstract void CarryOut(SweepMachine machine);
}

/// <summary>
/// A node's heartbeat and request for work. A node has at most one pending request with free slots; a repetition after a lost reply gets the
/// same assignments again.
/// </summary>
/// <param name="Node">The node's name, unique per process start.</param>
/// <param name="Free">The number of free slots.</param>
/// <param name="Running">All runs of this sweep on the node.</param>
/// <param name="Format">The newest <see cref="Assignment.Format"/> that the node can execute. A node with an older one gets no assignment.</param>
public sealed record RequestWork(string Node, int Free, IReadOnlyList<RunLease> Running, int Format = Assignment.Format) : Command<WorkReply>
{
    internal override WorkReply DecideBy(SweepMachine machine) => machine.Work.Decide(this);
}

/// <summary>Reports the end of an epoch. Idempotent.</summary>
/// <param name="Node">The node that trained it.</param>
/// <param name="Run">The run.</param>
/// <param name="Generation">The assignment under which it was trained.</param>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Metrics">Metric name → value. NaN and infinity are allowed: a diverged epoch has them.</param>
/// <param name="Seconds">Wall time of the epoch on its node.</param>
/// <param name="Divergence">Why training diverged, or null.</param>
/// <param name="Last">Whether the trainable ended training itself: no further epoch follows.</param>
/// <param name="Restarted">Why the epoch was trained again although the log has it: the run has no checkpoint, or its program began again; or null.</param>
public sealed record ReportEpoch(
    string Node, int Run, int Generation, int Epoch, IReadOnlyDictionary<string, double> Metrics, double Seconds,
    string? Divergence = null, bool Last = false, string? Restarted = null) : Command<VerdictReply>
{
    internal override VerdictReply DecideBy(SweepMachine machine) => machine.Reports.Decide(this);
}

/// <summary>Returns a run after its checkpoint was written (drain, interruption).</summary>
public sealed record ReleaseRun(string Node, int Run, int Generation) : Notice
{
    private protected override void CarryOut(SweepMachine machine) => machine.Losses.Decide(this);
}

/// <summary>Reports that training a run failed. After a <paramref name="Permanent"/> error it is not trained again.</summary>
public sealed record FailRun(string Node, int Run, int Generation, string Error, bool Permanent) : Notice
{
    private protected override void CarryOut(SweepMachine machine) => machine.Losses.Decide(this);
}

/// <summary>
/// Records a note about a run, see <see cref="RunNoted"/>. A note about the program is recorded only if it is new in the sweep.
/// </summary>
public sealed record NoteRun(string Node, int Run, int Generation, string Topic, string Text) : Notice
{
    private protected override void CarryOut(SweepMachine machine) => machine.Reports.Decide(this);
}

/// <summary>Reports a node that the cluster membership declared dead. Its runs are lost immediately.</summary>
public sealed record LoseNode(string Node) : Notice
{
    private protected override void CarryOut(SweepMachine machine)
    {
        machine.Losses.Decide(this);
        machine.Tests.Forget(Node);
    }
}

/// <summary>The passage of time: leases may expire and a wall-time budget may end.</summary>
public sealed record Tick : Notice
{
    private protected override void CarryOut(SweepMachine machine) => machine.Losses.ExpireLeases();
}

/// <summary>
/// The result of evaluating the best weights of an ended sweep on the test part. Recorded once; a result for another run or epoch than the
/// best is ignored.
/// </summary>
/// <param name="Run">The run.</param>
/// <param name="Epoch">The epoch of the weights.</param>
/// <param name="Metrics">Metric name → value; empty without a test part.</param>
/// <param name="Error">Why the weights could not be evaluated, or null.</param>
public sealed record RecordTest(int Run, int Epoch, IReadOnlyDictionary<string, double> Metrics, string? Error = null) : Notice
{
    private protected override void CarryOut(SweepMachine machine) => machine.Tests.Decide(this);
}

/// <summary>Records that a hook was called, see <see cref="HookRan"/>. A repeated call of <c>on_end</c> is recorded once.</summary>
public sealed record RecordHook(string Name, string? Error = null) : Notice
{
    private protected override void CarryOut(SweepMachine machine) => machine.Record(this);
}

/// <summary>An action of a person on the sweep. <see cref="SweepSteered.Id"/> identifies a repetition after a lost reply.</summary>
/// <param name="Request">The event that records the action, if it is accepted.</param>
public sealed record Steer(SweepSteered Request) : Command<SteerReply>
{
    internal override SteerReply DecideBy(SweepMachine machine) => machine.Steering.Decide(Request);
}

/// <summary>An action on a live or ended sweep.</summary>
public abstract record SteerAction
{
    private SteerAction() { }

    /// <summary>Assigns no run until the sweep is resumed; running runs continue.</summary>
    public sealed record Pause : SteerAction;

    /// <summary>Undoes a pause or a stop.</summary>
    public sealed record Resume : SteerAction;

    /// <summary>Ends the sweep after the running runs have finished their assignments.</summary>
    public sealed record Stop : SteerAction;

    /// <summary>Ends the sweep immediately; unfinished epochs are lost.</summary>
    public sealed record Cancel : SteerAction;

    /// <summary>Stops one run permanently.</summary>
    public sealed record StopRun(int Run) : SteerAction;

    /// <summary>Exempts a run from the rules: it trains to its last epoch.</summary>
    public sealed record PinRun(int Run) : SteerAction;

    /// <summary>Promotes a paused or stopped run past its rung.</summary>
    public sealed record PromoteRun(int Run) : SteerAction;

    /// <summary>Evaluates the weights of a run's best epoch on the test part; for an ended sweep of networks.</summary>
    public sealed record TestRun(int Run) : SteerAction;

    /// <summary>Adds a configuration that is run before the search's next proposal.</summary>
    public sealed record Enqueue(Configuration Configuration) : SteerAction;

    /// <summary>
    /// Replaces the sweep file, for instance with another run_cap, budget, eta, max_iter or space. <paramref name="Spec"/> is a complete sweep
    /// file. If it asks for more work than an ended sweep has done, the sweep is reopened and its best runs continue from their checkpoints.
    /// </summary>
    public sealed record Change(string Spec) : SteerAction;

    /// <summary>
    /// Names the sweep, or adds a note or a tag to the sweep or to one of its runs. Has no effect on decisions. Allowed after the sweep's
    /// end.
    /// </summary>
    /// <param name="What">The kind of annotation.</param>
    /// <param name="Text">The name, the note or the tag.</param>
    /// <param name="Run">The run; null for the sweep.</param>
    public sealed record Annotate(Annotation What, string Text, int? Run = null) : SteerAction;

    /// <summary>
    /// Trains the configurations of the best <paramref name="Top"/> runs of an ended sweep again with up to <paramref name="Seeds"/> new
    /// seeds and validation splits, the same for each configuration.
    /// </summary>
    public sealed record Confirm(int Top, int Seeds) : SteerAction;

    /// <summary>Trains a random sample of the stopped runs of an ended sweep to their last epoch, for about <paramref name="Epochs"/> epochs.</summary>
    public sealed record Audit(int Epochs) : SteerAction;
}

/// <summary>The kinds of annotation of a sweep or a run.</summary>
public enum Annotation
{
    /// <summary>The display name of the sweep. The last one is used; the sweep's id does not change.</summary>
    Name,
    Note,
    Tag,

    /// <summary>Removes a tag.</summary>
    Untag,
}

/// <summary>The machine's answer to a command.</summary>
public abstract record Reply;

/// <summary>The answer to <see cref="RequestWork"/>.</summary>
/// <param name="Assignments">At most one per free slot. Empty: ask again later.</param>
/// <param name="Abandon">Reported runs that the node no longer owns or that must stop: it abandons them.</param>
/// <param name="Done">Whether the sweep has ended and has no pending evaluation.</param>
public sealed record WorkReply(IReadOnlyList<Assignment> Assignments, IReadOnlyList<RunLease> Abandon, bool Done) : Reply;

/// <summary>The answer to <see cref="ReportEpoch"/>.</summary>
public sealed record VerdictReply(Verdict Verdict, Reason? Reason) : Reply;

/// <summary>The answer to a <see cref="Notice"/>.</summary>
public sealed record Acknowledged : Reply
{
    public static Acknowledged Instance { get; } = new();
}

/// <summary>
/// The answer to <see cref="Steer"/>. <paramref name="Message"/> is a sentence for the user. A refused action has no effect.
/// </summary>
public sealed record SteerReply(bool Accepted, string Message) : Reply;
