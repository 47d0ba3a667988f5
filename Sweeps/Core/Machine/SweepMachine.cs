namespace Sweeps.Core;

/// <summary>
/// Decides everything about one sweep. Pure and deterministic: no clock, I/O or threads. Commands carry the time; decisions are events; the
/// state is the result of the events. Not thread-safe.
/// </summary>
public sealed class SweepMachine
{
    private readonly MachineContext context;
    private readonly RunProposer proposer;
    private readonly SweepCompletion completion;
    private readonly LossHandler losses;
    private readonly TestHandler tests;
    private readonly WorkHandler work;
    private readonly ReportHandler reports;
    private readonly SteeringHandler steering;

    /// <summary>A machine over an empty log or a snapshot.</summary>
    /// <param name="read">Parses sweep files.</param>
    /// <param name="search">Creates the search of a sweep file.</param>
    /// <param name="options">The lease time and other limits.</param>
    /// <param name="state">The state of a snapshot (<see cref="SweepSnapshot.Read"/>), or null to begin with an empty log.</param>
    public SweepMachine(SpecReader read, SearchMaker search, MachineOptions options, SweepState? state = null)
    {
        context = new MachineContext(state ?? new SweepState(read), options);
        proposer = new RunProposer(context, search);
        completion = new SweepCompletion(context, proposer);
        losses = new LossHandler(context);
        tests = new TestHandler(context);
        work = new WorkHandler(context, proposer, completion, losses, tests);
        reports = new ReportHandler(context, completion);
        steering = new SteeringHandler(context, completion, read);
    }

    /// <summary>The state after all events so far.</summary>
    public SweepState State => context.State;

    public void Apply(LoggedEvent logged) => State.Apply(logged);

    /// <summary>
    /// Decides a command. Its events are applied at once and added to <paramref name="decided"/>; the caller appends them to the log and
    /// only then sends the reply. When the append fails, the machine is ahead of the log: the caller discards it and builds a new one. Throws
    /// <see cref="RefusedReportException"/> for an impossible report.
    /// </summary>
    public Reply Decide(Command command, ICollection<LoggedEvent> decided)
    {
        context.Begin(command.At, decided);
        losses.RenewAfterStall();
        Reply reply = command switch
        {
            RequestWork request => work.Decide(request),
            ReportEpoch report => reports.Decide(report),
            Steer steer => steering.Decide(steer),
            _ => Acknowledge(command),
        };
        completion.Settle();
        return reply;
    }

    /// <summary>
    /// With <see cref="MachineOptions.ProposeAside"/>: the proposal that is missing for the next new run. The caller calls
    /// <see cref="Proposal.Make"/> and then <see cref="Offer"/>. Null when none is missing.
    /// </summary>
    public Proposal? Wanted => proposer.Wanted;

    /// <summary>Supplies the wanted proposal for the next new run; null when making it failed.</summary>
    public void Offer(Proposal? made) => proposer.Offer(made);

    /// <summary>
    /// Runs whose checkpoints can be deleted, each returned once: they have ended and are not among the best
    /// <see cref="MachineOptions.KeepBest"/>. If a changed sweep file continues such a run, it is trained again from its first epoch.
    /// </summary>
    public IReadOnlyCollection<int> TakeDisposable() => State.TakeDisposable(context.Options.KeepBest);

    private Acknowledged Acknowledge(Command command)
    {
        switch (command)
        {
            case Tick:
                losses.ExpireLeases();
                break;
            case ReleaseRun release:
                losses.Decide(release);
                break;
            case FailRun fail:
                losses.Decide(fail);
                break;
            case LoseNode lose:
                losses.Decide(lose);
                tests.Forget(lose.Node);
                break;
            case RecordTest test:
                tests.Decide(test);
                break;
            default:
                throw new NotSupportedException($"The machine does not know the command {command.GetType().Name}.");
        }
        return Acknowledged.Instance;
    }
}
