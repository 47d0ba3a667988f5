namespace Sweeps.Core;

/// <summary>Stops runs that can never continue, and ends the sweep when no run is active and none can be started.</summary>
internal sealed class SweepCompletion(MachineContext context, RunProposer proposer)
{
    private SweepState State => context.State;

    /// <summary>
    /// Called after every decision: stops runs that can never continue, and ends the sweep or its review when nothing is left to do or a
    /// budget is used up.
    /// </summary>
    public void Settle()
    {
        if (State.Status is SweepStatus.Ended or SweepStatus.Unknown)
            return;
        if (State.Review is { } review)
        {
            if (State.RunningRuns.Count == 0 && State.QueuedRuns.Count == 0 && State.Status != SweepStatus.Paused
                && (State.Status == SweepStatus.Stopping || review.Seeds == 0 || ConfirmationRace.Of(State, review).Next() is null))
                End(review.Outcome, review.Reason);
            return;
        }
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
            if (proposer.Problem is { } problem)
                End(SweepOutcome.Failed, new Reason("search", Detail: problem));
            else
                End(SweepOutcome.Finished, new Reason("ended", Detail: "all there was to do is done"));
    }

    /// <summary>
    /// Ends the sweep, or starts the confirmation that its file requests; running runs lose their slots. A sweep in which every run failed
    /// or diverged has failed, with the reason of its first run.
    /// </summary>
    public void End(SweepOutcome outcome, Reason reason)
    {
        if (State.Review is { } review)
            (outcome, reason) = (review.Outcome, review.Reason);
        if (outcome == SweepOutcome.Finished && State.Runs.Count > 0
            && State.Count(RunState.Failed) + State.Count(RunState.Diverged) == State.Runs.Count)
            (outcome, reason) = (SweepOutcome.Failed, reason with
            {
                Detail = $"all {State.Runs.Count} runs failed or diverged; run 0 {State.Runs[0].State.ToString().ToLowerInvariant()}: {State.Runs[0].Reason?.Detail}",
            });
        foreach (var run in State.RunningRuns.ToList())
            context.FreeSlot(State.Runs[run]);
        var confirms = outcome == SweepOutcome.Finished && State is { Confirmation: null, Spec.Confirm: not null } && ReviewHandler.Best(State, 2).Count == 2;
        context.Emit(confirms
            ? new ReviewStarted(Audit: false, ReviewHandler.Best(State, State.Spec.Confirm!.Top), State.Spec.Confirm.Seeds, outcome, reason)
            : new SweepEnded(outcome, reason));
    }

    /// <summary>The budget that is used up, or null.</summary>
    public Reason? BudgetReached()
    {
        var budget = State.Spec.Budget;
        if (State.Review is not null)
            return null;
        if (budget.Epochs is { } epochs && State.EpochsOfSearch >= epochs)
            return new Reason("budget", Detail: $"{State.EpochsOfSearch} of {epochs} epochs are used");
        var busy = State.Busy + (State.RunningRuns.Count > 0 ? context.Now - State.At : TimeSpan.Zero);
        return budget.WallTime is { } time && busy >= time
            ? new Reason("budget", Detail: $"{busy.TotalSeconds:0} of {time.TotalSeconds:0} s are used")
            : null;
    }
}
