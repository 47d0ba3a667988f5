using Sweeps.Core.Search;

namespace Sweeps.Core;

public sealed partial class SweepMachine
{
    private ISearch? searching;
    private SweepSpec? searchingFor;
    private int? exhaustedAt;
    private History? history;
    private Proposal? offered;

    /// <summary>Another sweep file has another search and other rungs: what was observed under the old one is observed again.</summary>
    private ISearch Searching
    {
        get
        {
            if (!ReferenceEquals(searchingFor, State.Spec))
                (searching, searchingFor, exhaustedAt, history) = (search(State.Spec), State.Spec, null, null);
            return searching!;
        }
    }

    private History Seen => history ??= new History(State);

    private WorkReply Work(RequestWork request)
    {
        var abandon = new List<RunLease>();
        foreach (var lease in request.Running)
        {
            if (lease.Test)
            {
                if (!Tests(request.Node, lease))
                    abandon.Add(lease);
            }
            else if (Owner(lease.Run, lease.Generation) is not null)
            {
                leases.Touch(lease.Run, now);
            }
            else if (!Unheard(lease))
            {
                abandon.Add(lease);
            }
        }
        ExpireLeases();
        var assignments = Redeliver(request);
        while (assignments.Count < request.Free && NextAssignment(request.Node) is { } assignment)
            assignments.Add(assignment);
        if (assignments.Count < request.Free && NextTest(request) is { } test)
            assignments.Add(test);
        return new WorkReply(assignments, abandon, !State.HasWork);
    }

    /// <summary>A generation this machine has not heard of: another coordinator has appended since. Not a reason to drop the run.</summary>
    private bool Unheard(RunLease lease) => lease.Run >= State.Runs.Count || lease.Generation > State.Runs[lease.Run].Generation;

    private Assignment? NextAssignment(string node)
    {
        if (State.Status is not (SweepStatus.Running or SweepStatus.Stopping) || BudgetReached() is not null)
            return null;
        if (State.Spec.Slots.MaxSlots is { } most && State.RunningRuns.Count >= most)
            return null;
        if (State.QueuedRuns.Count > 0)
            return Assign(State.NextQueued, node);
        if (State.Status == SweepStatus.Stopping)
            return null;
        while (State.Rules.Ladder.Next(MayStart()) is { } next)
        {
            if (next.Run is { } promoted)
            {
                Emit(new RunPromoted(promoted, next.Reason ?? new Reason("promoted")));
                return Assign(State.Runs[promoted], node);
            }
            if (Create(next.Bracket) is { } created)
                return Assign(created, node);
            if (Wanted is not null)
                return null;
        }
        return null;
    }

    private Assignment Assign(SweepRun run, string node)
    {
        Emit(new RunAssigned(run.Number, run.Generation + 1, node, run.Until));
        leases.Grant(run.Number, now);
        return Describe(run);
    }

    /// <summary>
    /// What this node was assigned and does not know of: the reply was lost on its way, or its coordinator died with it. Said again, it costs
    /// neither the lease time nor a generation. The lease is not renewed: a node that no reply reaches must not keep its runs.
    /// </summary>
    private List<Assignment> Redeliver(RequestWork request) =>
        [.. leases.Unconfirmed.Where(run => State.Runs[run].Node == request.Node).Take(request.Free).Select(run => Describe(State.Runs[run]))];

    private Assignment Describe(SweepRun run)
    {
        var waitAt = State.Rules.Ladder.Rungs(run).Where(epoch => epoch > run.Epoch && epoch < run.Until).Append(run.Until).ToArray();
        return new Assignment(run.Number, run.Generation, run.Configuration, run.Seed, run.Epoch, run.Until, waitAt);
    }

    /// <summary>Whether a new run could be created, as far as can be known without asking the search.</summary>
    private bool MayStart() =>
        State.Status is SweepStatus.Running or SweepStatus.Paused
        && (State.Spec.RunCap is not { } cap || State.Runs.Count < cap)
        && (State.NextEnqueued is not null
            || (Searching.Size is not { } size || State.NextProposal < size) && exhaustedAt != State.NextProposal);

    private SweepRun? Create(int bracket)
    {
        if (State.NextEnqueued is { } enqueued)
            return Create(enqueued, bracket, State.Earlier(enqueued) is { } same ? $"equals run {same}" : null, null, null);
        if ((Searching.Size is null ? Draw(bracket) : NextPoint(bracket)) is { } run)
            return run;
        if (Wanted is null)
            exhaustedAt = State.NextProposal;
        return null;
    }

    private SweepRun? Draw(int bracket)
    {
        long? seen = null;
        Configuration? configuration;
        if (options.ProposeAside && Searching.FitsModel)
        {
            if (TakeOffered() is not { } made)
            {
                Wanted ??= new Proposal(Searching, State.NextProposal, State.Seq, [.. Seen]);
                return null;
            }
            (configuration, seen) = (made.Configuration, made.Seen);
        }
        else
        {
            configuration = Proposal.Draw(Searching, State.NextProposal, Seen, point => State.Earlier(point) is not null);
        }
        if (configuration is null)
            return null;
        var note = State.Earlier(configuration) is { } same ? $"equals run {same}: nothing new was drawn" : null;
        return Create(configuration, bracket, note, State.NextProposal, seen);
    }

    /// <summary>What was offered, unless the sweep has changed since, or an enqueued configuration was the same.</summary>
    private Proposal? TakeOffered()
    {
        var made = offered;
        offered = null;
        return made is not null && made.Search == Searching && made.Index == State.NextProposal
            && !(made.Configuration is { } configuration && State.Earlier(configuration) >= made.Observations.Count)
            ? made
            : null;
    }

    /// <summary>The next point of a search with an end; points that were there before are passed over.</summary>
    private SweepRun? NextPoint(int bracket)
    {
        for (var proposal = State.NextProposal; Searching.Propose(proposal, 0, Seen) is { } configuration; proposal++)
            if (State.Earlier(configuration) is null)
                return Create(configuration, bracket, null, proposal, null);
        return null;
    }

    private SweepRun Create(Configuration configuration, int bracket, string? note, int? proposal, long? seen)
    {
        var number = State.Runs.Count;
        Emit(new RunCreated(number, configuration, SplitMix64.Draw(State.Spec.Seed, (ulong)number, "$run"), bracket, note, proposal, seen));
        return State.Runs[number];
    }
}
