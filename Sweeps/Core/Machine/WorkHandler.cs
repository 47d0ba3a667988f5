namespace Sweeps.Core;

/// <summary>Answers <see cref="RequestWork"/>: renews leases and assigns runs to free slots.</summary>
internal sealed class WorkHandler(
    MachineContext context, RunProposer proposer, SweepCompletion completion, LossHandler losses, TestHandler tests, ReviewHandler reviews)
{
    private SweepState State => context.State;

    public WorkReply Decide(RequestWork request)
    {
        if (request.Format < Assignment.Format)
            request = request with { Free = 0 };
        var abandon = new List<RunLease>();
        foreach (var lease in request.Running)
        {
            if (lease.Test)
            {
                if (!tests.Renew(request.Node, lease))
                    abandon.Add(lease);
            }
            else if (context.FindRunning(lease.Run, lease.Generation) is not null)
            {
                context.Leases.Touch(lease.Run, context.Now);
            }
            else if (!IsNewer(lease))
            {
                abandon.Add(lease);
            }
        }
        losses.ExpireLeases();
        var assignments = Redeliver(request);
        while (assignments.Count < request.Free && NextAssignment(request.Node) is { } assignment)
            assignments.Add(assignment);
        assignments.AddRange(tests.Assign(request, request.Free - assignments.Count));
        return new WorkReply(assignments, abandon, !State.HasWork);
    }

    /// <summary>
    /// Whether another coordinator appended this assignment to the log after this state. The node keeps the run, because the assignment is
    /// valid and this state is outdated.
    /// </summary>
    private bool IsNewer(RunLease lease) => lease.Run >= State.Runs.Count || lease.Generation > State.Runs[lease.Run].Generation;

    private Assignment? NextAssignment(string node)
    {
        if (State.Status is not (SweepStatus.Running or SweepStatus.Stopping) || completion.BudgetReached() is not null)
            return null;
        if (State.Spec.Slots.MaxSlots is { } most && State.RunningRuns.Count >= most)
            return null;
        if (NextQueued() is { } queued)
            return Assign(queued, node);
        if (State.QueuedRuns.Count > 0 || State.Status == SweepStatus.Stopping)
            return null;
        if (State.Review is { } review)
            return review.Seeds > 0 && ConfirmationRace.Of(State, review).Next() is var (run, repeat) ? Assign(reviews.Create(run, repeat), node) : null;
        while (State.Rules.Ladder.Next(proposer.MayStart()) is { } next)
        {
            if (next.Run is { } promoted)
            {
                context.Emit(new RunPromoted(promoted, next.Reason ?? new Reason("promoted")));
                return Assign(State.Runs[promoted], node);
            }
            if (proposer.Create(next.Bracket) is { } created)
            {
                if (CanStart(created))
                    return Assign(created, node);
                if (created.Active)
                    return null;
            }
            if (proposer.Wanted is not null)
                return null;
        }
        return null;
    }

    private SweepRun? NextQueued() => State.QueuedRuns.Count == 0 ? null
        : State.Spec.SourceParameter is null ? State.NextQueued
        : State.QueuedRuns.ToArray().Select(number => State.Runs[number]).FirstOrDefault(CanStart);

    /// <summary>
    /// Whether the source run, from whose weights this run starts, has finished. Its best weights are then stored, because they are written
    /// before its last epoch is reported. If the source can no longer finish, this run fails.
    /// </summary>
    private bool CanStart(SweepRun run)
    {
        if (State.Spec.SourceOf(run.Configuration) is not { } number)
            return true;
        var source = number < run.Number ? State.Runs[number] : null;
        if (source is null or { Over: true, State: not RunState.Finished })
            context.Emit(new RunFailed(run.Number, run.Generation, source is null
                ? $"it starts from the weights of run {number}, which is not an earlier run"
                : $"it starts from the weights of run {number}, which has not finished: it {source.State.ToString().ToLowerInvariant()}", Permanent: true));
        return source?.State == RunState.Finished;
    }

    private Assignment Assign(SweepRun run, string node)
    {
        context.Emit(new RunAssigned(run.Number, run.Generation + 1, node, run.Until));
        context.Leases.Grant(run.Number, context.Now);
        return AssignmentOf(run);
    }

    /// <summary>
    /// Repeats assignments that the node does not report because the reply was lost, without a new generation and before the lease expires.
    /// Does not renew the lease: a node that receives no replies must lose its runs.
    /// </summary>
    private List<Assignment> Redeliver(RequestWork request) =>
        [.. context.Leases.Unconfirmed.Where(run => State.Runs[run].Node == request.Node).Take(request.Free)
            .Select(run => AssignmentOf(State.Runs[run]))];

    private Assignment AssignmentOf(SweepRun run)
    {
        var rungs = run.Confirms is null ? State.Rules.Ladder.Rungs(run) : [];
        var waitAt = rungs.Where(epoch => epoch > run.Epoch && epoch < run.Until).Append(run.Until).ToArray();
        return new Assignment(run.Number, run.Generation, run.Configuration, run.Seed, run.Epoch, run.Until, waitAt, Split: run.SplitOf(State.Spec.Seed), Source: State.Spec.SourceOf(run.Configuration));
    }
}
