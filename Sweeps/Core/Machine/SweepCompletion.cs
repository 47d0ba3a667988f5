namespace Sweeps.Core;

/// <summary>Stops runs that can never continue, and ends the sweep when no run is active and none can be started.</summary>
internal sealed class SweepCompletion(MachineContext context, RunProposer proposer)
{
    private SweepState State => context.State;

    /// <summary>Stops and ends what the state after a decision requires.</summary>
    public void Settle()
    {
        if (State.Status is SweepStatus.Ended or SweepStatus.Unknown)
            return;
        if (BudgetReached() is { } budget)
        {
            End(SweepOutcome.Finished, budget);
            return;
        }
        // A stop can be undone, so a stopping sweep eliminates no run.
        if (State.Status != SweepStatus.Stopping)
            foreach (var (run, reason) in State.Rules.Ladder.Eliminate(proposer.MayStart(), State.LowestActiveEpoch))
                context.Emit(State.Runs[run].Pinned
                    ? new RunPromoted(run, new Reason("person", State.Runs[run].Epoch, Detail: "pinned"))
                    : new RunStopped(run, reason));
        if (State.RunningRuns.Count > 0 || State.QueuedRuns.Count > 0 || State.Status == SweepStatus.Paused)
            return;
        if (State.Status == SweepStatus.Stopping)
            End(SweepOutcome.Stopped, new Reason("person", Detail: "stopped"));
        else if (State.Rules.Ladder.Next(proposer.MayStart()) is null)
            End(State.Runs.Count > 0 && State.Count(RunState.Failed) == State.Runs.Count ? SweepOutcome.Failed : SweepOutcome.Finished,
                new Reason("ended", Detail: "all there was to do is done"));
    }

    /// <summary>Ends the sweep; running runs lose their slots.</summary>
    public void End(SweepOutcome outcome, Reason reason)
    {
        foreach (var run in State.RunningRuns.ToList())
            context.FreeSlot(State.Runs[run]);
        context.Emit(new SweepEnded(outcome, reason));
    }

    /// <summary>The budget that is used up, or null.</summary>
    public Reason? BudgetReached()
    {
        var budget = State.Spec.Budget;
        if (budget.Epochs is { } epochs && State.EpochsRecorded >= epochs)
            return new Reason("budget", Detail: $"{State.EpochsRecorded} of {epochs} epochs are used");
        var busy = State.Busy + (State.RunningRuns.Count > 0 ? context.Now - State.At : TimeSpan.Zero);
        return budget.WallTime is { } time && busy >= time
            ? new Reason("budget", Detail: $"{busy.TotalSeconds:0} of {time.TotalSeconds:0} s are used")
            : null;
    }
}
