using Sweeps.Core.Search;

namespace Sweeps.Core;

public sealed partial class SweepMachine
{
    /// <summary>Draws for one run before an equal configuration is accepted (search-semantics 2).</summary>
    private const int Attempts = 100;

    /// <summary>Points of a finite search, or runs of an endless one, passed over in search of one that fulfils the constraints.</summary>
    private const int MostPassedOver = 10_000;

    private ISearch? searching;
    private SweepSpec? searchingFor;
    private int? exhaustedAt;
    private History? history;

    private ISearch Searching
    {
        get
        {
            if (!ReferenceEquals(searchingFor, State.Spec))
                (searching, searchingFor, exhaustedAt) = (search(State.Spec), State.Spec, null);
            return searching!;
        }
    }

    private WorkReply Work(RequestWork request)
    {
        var abandon = new List<RunLease>();
        foreach (var lease in request.Running)
        {
            if (Owner(lease.Run, lease.Generation) is not null)
                leases.Touch(lease.Run, now);
            else
                abandon.Add(lease);
        }
        ExpireLeases();
        var assignments = new List<Assignment>();
        while (assignments.Count < request.Free && NextAssignment(request.Node) is { } assignment)
            assignments.Add(assignment);
        return new WorkReply(assignments, abandon, State.Status == SweepStatus.Ended);
    }

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
        while (State.Policies.NextJob(MayStart()) is { } job)
        {
            if (job.Run >= 0)
            {
                Emit(new RunPromoted(job.Run, job.Reason ?? new Reason("promoted")));
                return Assign(State.Runs[job.Run], node);
            }
            if (Create(job.Bracket) is { } created)
                return Assign(created, node);
        }
        return null;
    }

    private Assignment Assign(SweepRun run, string node)
    {
        Emit(new RunAssigned(run.Number, run.Generation + 1, node, run.Until));
        leases.Touch(run.Number, now);
        var waitAt = State.Policies.Rungs(run).Where(epoch => epoch > run.Epoch && epoch < run.Until).Append(run.Until).ToArray();
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
            return Create(enqueued, bracket, State.Earlier(enqueued) is { } same ? $"equals run {same}" : null, null);
        for (int proposal = State.NextProposal, passed = 0; passed < MostPassedOver; proposal++, passed++)
        {
            if (Searching.Size is { } size && proposal >= size)
                break;
            if (Propose(proposal, out var note, out var usedUp) is { } configuration)
                return Create(configuration, bracket, note, proposal);
            if (usedUp)
                break;
        }
        exhaustedAt = State.NextProposal;
        return null;
    }

    private SweepRun Create(Configuration configuration, int bracket, string? note, int? proposal)
    {
        var number = State.Runs.Count;
        Emit(new RunCreated(number, configuration, SplitMix64.Draw(State.Spec.Seed, (ulong)number, "$run"), bracket, note, proposal));
        return State.Runs[number];
    }

    /// <summary>
    /// A configuration that fulfils the constraints and is new; after <see cref="Attempts"/> draws an equal one is accepted with a note. A
    /// search with an end is asked once per point: its points are passed over instead of drawn again.
    /// </summary>
    private Configuration? Propose(int proposal, out string? note, out bool usedUp)
    {
        (note, usedUp) = (null, false);
        Configuration? equal = null;
        for (var attempt = 0; attempt < (Searching.Size is null ? Attempts : 1); attempt++)
        {
            if (Searching.Propose(proposal, attempt, history ??= new History(State)) is not { } configuration)
            {
                usedUp = true;
                return null;
            }
            if (!State.Spec.Constraints.All(constraint => constraint.Holds(configuration)))
                continue;
            if (State.Earlier(configuration) is null)
                return configuration;
            equal = configuration;
        }
        if (equal is null || Searching.Size is not null)
            return null;
        note = $"equals run {State.Earlier(equal)}: {Attempts} draws gave nothing new";
        return equal;
    }
}
