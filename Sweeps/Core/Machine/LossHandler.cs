namespace Sweeps.Core;

/// <summary>Handles runs that leave their slot without a result: expired leases, dead nodes, releases and failures.</summary>
internal sealed class LossHandler(MachineContext context)
{
    private DateTimeOffset? lastDecision;

    private SweepState State => context.State;

    /// <summary>
    /// A lease may expire only if this machine could have received heartbeats. Runs assigned before its first decision get a full lease then,
    /// and all leases are renewed after a pause of the process or of the log (<see cref="MachineOptions.Stall"/>).
    /// </summary>
    public void RenewAfterStall()
    {
        if (lastDecision is null)
            foreach (var run in State.RunningRuns)
                context.Leases.Grant(run, context.Now);
        else if (context.Now - lastDecision > context.Options.Stall)
            context.Leases.Renew(context.Now);
        lastDecision = context.Now;
    }

    /// <summary>Loses every run that its node has not reported for the lease time.</summary>
    public void ExpireLeases()
    {
        while (context.Leases.TakeExpired(context.Now - context.Options.Lease) is { } run)
            if (State.Runs[run] is { State: RunState.Running } lost)
                Lose(lost, $"unreported for more than {context.Options.Lease.TotalSeconds:0.###} s");
    }

    public void Decide(LoseNode command)
    {
        foreach (var run in State.RunningRuns.Where(run => State.Runs[run].Node == command.Node).ToList())
            Lose(State.Runs[run], "the node is dead");
    }

    public void Decide(ReleaseRun command)
    {
        if (context.FindRunning(command.Run, command.Generation) is not { } run)
            return;
        context.FreeSlot(run);
        context.Emit(new RunReleased(run.Number, run.Generation, command.Node));
    }

    public void Decide(FailRun command)
    {
        if (context.FindRunning(command.Run, command.Generation) is not { } run)
            return;
        context.FreeSlot(run);
        var permanent = command.Permanent || run.Failures + 1 >= context.Options.MaxFailures;
        context.Emit(new RunFailed(run.Number, run.Generation, command.Error, permanent));
    }

    private void Lose(SweepRun run, string why)
    {
        context.FreeSlot(run);
        context.Emit(new RunLost(run.Number, run.Generation, run.Node ?? "", why));
    }
}
