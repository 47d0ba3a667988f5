
namespace Sweeps.Core;

/// <summary>
/// Decides everything about one sweep: pure, deterministic, without clock, I/O or threads. Commands carry the time; decisions are events;
/// the state is the events folded. Not safe for use by several threads at once.
/// </summary>
/// <param name="read">Parses sweep files.</param>
/// <param name="search">Makes the search that a sweep file asks for.</param>
/// <param name="options">Lease time and the like.</param>
/// <param name="state">What a snapshot says (<see cref="SweepState.FromSnapshot"/>), or null to begin with an empty log.</param>
public sealed partial class SweepMachine(SpecReader read, SearchMaker search, MachineOptions options, SweepState? state = null)
{
    private readonly LeaseTable leases = new();
    private ICollection<LoggedEvent> decided = [];
    private DateTimeOffset now;
    private DateTimeOffset? listened;

    /// <summary>What the log says so far.</summary>
    public SweepState State { get; } = state ?? new SweepState(read);

    /// <summary>Folds an event of the log.</summary>
    public void Apply(LoggedEvent logged) => State.Apply(logged);

    /// <summary>
    /// Decides a command. Its events are applied at once and added to <paramref name="decided"/>; the caller appends them to the log and
    /// only then sends the reply. When the append fails the machine is ahead of the log: throw it away and rebuild it. Throws
    /// <see cref="RefusedReportException"/> for a report that cannot be.
    /// </summary>
    public Reply Decide(Command command, ICollection<LoggedEvent> decided)
    {
        (this.decided, now) = (decided, command.At > now ? command.At : now);
        if (State.At > now)
            now = State.At;
        Listen();
        Reply reply = command switch
        {
            RequestWork request => Work(request),
            ReportEpoch report => Report(report),
            ReleaseRun release => Release(release),
            FailRun fail => Fail(fail),
            LoseNode lose => Lose(lose),
            Tick => ExpireLeases(),
            RecordTest test => Test(test),
            Steer steer => Steered(steer),
            _ => throw new NotSupportedException($"The machine does not know the command {command.GetType().Name}."),
        };
        Settle();
        return reply;
    }

    /// <summary>
    /// With <see cref="MachineOptions.ProposeAside"/>: the proposal for want of which a request for work got less than it could have. Make it and
    /// <see cref="Offer"/> it. Null when nothing is wanted.
    /// </summary>
    public Proposal? Wanted { get; private set; }

    /// <summary>Takes a proposal that was made, for the next new run; null when making it failed.</summary>
    public void Offer(Proposal? made) => (offered, Wanted) = (made, null);

    /// <summary>
    /// Runs whose checkpoints can be deleted, each told once: they are over and not among the best <see cref="MachineOptions.KeepBest"/>.
    /// Should an extended sweep want one after all, it trains again from the start.
    /// </summary>
    public IReadOnlyCollection<int> TakeDisposable() => State.TakeDisposable(options.KeepBest);

    private void Emit(SweepEvent fact)
    {
        var logged = new LoggedEvent(State.Seq + 1, now, fact);
        State.Apply(logged);
        decided.Add(logged);
    }

    /// <summary>
    /// Silence counts against a node only while somebody listened. Runs assigned before this machine began get one lease time from its first
    /// decision on; and all do when it has decided nothing for a while, because its process or its log stood still.
    /// </summary>
    private void Listen()
    {
        if (listened is null)
            foreach (var run in State.RunningRuns)
                leases.Grant(run, now);
        else if (now - listened > options.Stall)
            leases.Renew(now);
        listened = now;
    }

    private Acknowledged ExpireLeases()
    {
        while (leases.TakeExpired(now - options.Lease) is { } run)
            if (State.Runs[run] is { State: RunState.Running } lost)
                LoseRun(lost, $"unreported for more than {options.Lease.TotalSeconds:0.###} s");
        return Acknowledged.Instance;
    }

    private Acknowledged Lose(LoseNode command)
    {
        foreach (var run in State.RunningRuns.Where(run => State.Runs[run].Node == command.Node).ToList())
            LoseRun(State.Runs[run], "the node is dead");
        if (testing?.Node == command.Node)
            testing = null;
        return Acknowledged.Instance;
    }

    private void LoseRun(SweepRun run, string why)
    {
        FreeSlot(run);
        Emit(new RunLost(run.Number, run.Generation, run.Node ?? "", why));
    }

    private Acknowledged Release(ReleaseRun command)
    {
        if (Owner(command.Run, command.Generation) is { } run)
        {
            FreeSlot(run);
            Emit(new RunReleased(run.Number, run.Generation, command.Node));
        }
        return Acknowledged.Instance;
    }

    private Acknowledged Fail(FailRun command)
    {
        if (Owner(command.Run, command.Generation) is { } run)
        {
            FreeSlot(run);
            var permanent = command.Permanent || run.Failures + 1 >= options.MaxFailures;
            Emit(new RunFailed(run.Number, run.Generation, command.Error, permanent));
        }
        return Acknowledged.Instance;
    }

    /// <summary>The run, if it is assigned under this generation.</summary>
    private SweepRun? Owner(int run, int generation) =>
        run >= 0 && run < State.Runs.Count && State.Runs[run] is { State: RunState.Running } owned && owned.Generation == generation
            ? owned
            : null;

    /// <summary>Before an event that takes a run from its slot: forgets the lease and writes down what was trained again.</summary>
    private void FreeSlot(SweepRun run)
    {
        leases.Remove(run.Number);
        WriteWaste(run);
    }

    /// <summary>Stops what can never go on, and ends the sweep when nothing runs and nothing will.</summary>
    private void Settle()
    {
        if (State.Status is SweepStatus.Ended or SweepStatus.Unknown)
            return;
        if (BudgetReached() is { } budget)
        {
            End(SweepOutcome.Finished, budget);
            return;
        }
        // A stop can be undone: it closes no rung.
        if (State.Status != SweepStatus.Stopping)
            foreach (var (run, reason) in State.Rules.Ladder.Eliminate(MayStart(), State.LowestActiveEpoch))
                Emit(State.Runs[run].Pinned ? new RunPromoted(run, new Reason("person", State.Runs[run].Epoch, Detail: "pinned")) : new RunStopped(run, reason));
        if (State.RunningRuns.Count > 0 || State.QueuedRuns.Count > 0 || State.Status == SweepStatus.Paused)
            return;
        if (State.Status == SweepStatus.Stopping)
            End(SweepOutcome.Stopped, new Reason("person", Detail: "stopped"));
        else if (State.Rules.Ladder.Next(MayStart()) is null)
            End(State.Runs.Count > 0 && State.Count(RunState.Failed) == State.Runs.Count ? SweepOutcome.Failed : SweepOutcome.Finished,
                new Reason("ended", Detail: "all there was to do is done"));
    }

    private void End(SweepOutcome outcome, Reason reason)
    {
        foreach (var run in State.RunningRuns.ToList())
            FreeSlot(State.Runs[run]);
        Emit(new SweepEnded(outcome, reason));
    }

    private Reason? BudgetReached()
    {
        var budget = State.Spec.Budget;
        if (budget.Epochs is { } epochs && State.EpochsRecorded >= epochs)
            return new Reason("budget", Detail: $"{State.EpochsRecorded} of {epochs} epochs are used");
        var busy = State.Busy + (State.RunningRuns.Count > 0 ? now - State.At : TimeSpan.Zero);
        return budget.WallTime is { } time && busy >= time
            ? new Reason("budget", Detail: $"{busy.TotalSeconds:0} of {time.TotalSeconds:0} s are used")
            : null;
    }
}
