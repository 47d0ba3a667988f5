namespace Sweeps.Core;

/// <summary>
/// Makes all decisions of one sweep. Pure and deterministic: no clock, I/O or threads. The caller passes the time; decisions are events;
/// the state is a fold of the events. Not thread-safe.
/// </summary>
public sealed class SweepMachine
{
    private readonly MachineContext context;
    private readonly RunProposer proposer;
    private readonly SweepCompletion completion;

    /// <summary>A machine over an empty log or a snapshot.</summary>
    /// <param name="read">Parses sweep files.</param>
    /// <param name="search">Creates the search of a sweep file.</param>
    /// <param name="options">The lease time and other limits.</param>
    /// <param name="state">The state of a snapshot (<see cref="SweepSnapshot.Read"/>), or null to start with an empty log.</param>
    public SweepMachine(SpecReader read, SearchMaker search, MachineOptions options, SweepState? state = null)
    {
        context = new MachineContext(state ?? new SweepState(read), options);
        proposer = new RunProposer(context, search);
        completion = new SweepCompletion(context, proposer);
        Losses = new LossHandler(context);
        Tests = new TestHandler(context);
        var reviews = new ReviewHandler(context);
        Work = new WorkHandler(context, proposer, completion, Losses, Tests, reviews);
        Reports = new ReportHandler(context, completion);
        Steering = new SteeringHandler(context, completion, reviews, read);
    }

    /// <summary>The state after all events so far.</summary>
    public SweepState State => context.State;

    public void Apply(LoggedEvent logged) => State.Apply(logged);

    internal LossHandler Losses { get; }

    internal TestHandler Tests { get; }

    internal WorkHandler Work { get; }

    internal ReportHandler Reports { get; }

    internal SteeringHandler Steering { get; }

    /// <summary>
    /// Decides a command. An <paramref name="at"/> before that of an earlier decision is raised to it. The events are applied immediately
    /// and added to <paramref name="decided"/>; the caller must append them to the log before it sends the reply. When the append fails,
    /// the machine is ahead of the log: the caller discards it and builds a new one. Throws <see cref="RefusedReportException"/> for an
    /// impossible report.
    /// </summary>
    public TReply Decide<TReply>(Command<TReply> command, DateTimeOffset at, ICollection<LoggedEvent> decided) where TReply : Reply
    {
        context.Begin(at, decided);
        Losses.RenewAfterStall();
        var reply = command.DecideBy(this);
        completion.Settle();
        return reply;
    }

    internal void Record(RecordHook command)
    {
        if (command.Name != Hook.End || State.EndHookDue)
            context.Emit(new HookRan(command.Name, command.Error));
    }

    /// <summary>
    /// With <see cref="MachineOptions.ProposeAside"/>: the proposal that the next new run needs; the caller calls
    /// <see cref="Proposal.Make"/> and then <see cref="Offer"/>. Null when none is needed.
    /// </summary>
    public Proposal? Wanted => proposer.Wanted;

    /// <summary>Supplies the wanted proposal for the next new run; null when making it failed.</summary>
    public void Offer(Proposal? made) => proposer.Offer(made);

    /// <summary>
    /// Runs whose checkpoints can be deleted: they have ended and are not among the best <see cref="MachineOptions.KeepBest"/>. Each is
    /// returned once, and once more after the end of the sweep. If a changed sweep file continues such a run, it is trained again from its
    /// first epoch.
    /// </summary>
    public IReadOnlyCollection<int> TakeDisposable() => State.TakeDisposable(context.Options.KeepBest);
}
