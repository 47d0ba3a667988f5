using Sweeps.Core.Rules;
using Sweeps.Core.Search;

namespace Sweeps.Core;

/// <summary>Applies events to a <see cref="SweepState"/>.</summary>
internal sealed class EventFold(SweepState state, SpecReader read)
{
    /// <summary>The detail of the reason when the trainable itself ended the run: the run cannot be continued to more epochs.</summary>
    public const string EndedByItself = "the trainable ended by itself";

    public void Apply(LoggedEvent logged)
    {
        if (logged.Seq != state.Seq + 1)
            throw new ArgumentException($"Event {logged.Seq} of sweep '{state.Sweep}' cannot follow event {state.Seq}: a log has no gaps.");
        if (state.RunningRuns.Count > 0 && logged.At > state.At)
            state.Busy += logged.At - state.At;
        (state.Seq, state.At) = (logged.Seq, logged.At > state.At ? logged.At : state.At);
        switch (logged.Event)
        {
            case SweepCreated created:
                (state.Sweep, state.CreatedAt, state.Status) = (created.Sweep, logged.At, SweepStatus.Running);
                Use(created.Spec);
                break;
            case SweepSteered steered:
                Fold(steered);
                break;
            case SweepEnded ended:
                Fold(ended);
                break;
            case ReviewStarted started:
                Fold(started);
                break;
            case RunCreated created:
                Fold(created);
                break;
            case RunAssigned assigned:
                Fold(assigned);
                break;
            case EpochRecorded recorded:
                state.Record(state.Runs[recorded.Run], state.Oriented(recorded.Metrics), recorded.Metrics, recorded.Seconds);
                // A changed sweep file may have lowered the limit while this epoch was trained.
                state.Runs[recorded.Run].MaxEpochs = Math.Max(state.Runs[recorded.Run].MaxEpochs, recorded.Epoch);
                break;
            case RunPaused paused:
                state.Move(state.Runs[paused.Run], RunState.Paused, paused.Reason);
                break;
            case RunPromoted promoted:
                Promote(state.Runs[promoted.Run], promoted.Reason);
                break;
            case RunStopped stopped:
                End(state.Runs[stopped.Run], RunState.Stopped, stopped.Reason);
                break;
            case RunFinished finished:
                End(state.Runs[finished.Run], RunState.Finished, finished.Reason);
                break;
            case RunDiverged diverged:
                End(state.Runs[diverged.Run], RunState.Diverged, diverged.Reason);
                break;
            case RunFailed failed:
                Fold(failed);
                break;
            case RunLost lost:
                state.Runs[lost.Run].Losses++;
                Requeue(state.Runs[lost.Run], new Reason("lost", Detail: $"{lost.Node}: {lost.Why}"));
                break;
            case RunReleased released:
                Requeue(state.Runs[released.Run], new Reason("released", Detail: released.Node));
                break;
            case EpochsWasted wasted:
                state.Runs[wasted.Run].Wasted += wasted.Epochs;
                state.EpochsWasted += wasted.Epochs;
                break;
            case RunNoted { Topic: NoteTopic.Program } noted:
                state.AddProgram(noted.Text);
                break;
            case RunNoted:
                break;
            case HookRan ran:
                state.EndHookRan |= ran.Name == Hook.End;
                state.FailedHook = ran.Error is not null ? ran : state.FailedHook?.Name == ran.Name ? null : state.FailedHook;
                break;
            case TestEvaluated evaluated:
                state.TestsWanted.Remove(evaluated.Run);
                var tested = state.Runs[evaluated.Run];
                (tested.TestEpoch, tested.Test, tested.TestError) = (evaluated.Epoch, evaluated.Metrics, evaluated.Error);
                break;
            default:
                throw new NotSupportedException($"Event {logged.Seq} of sweep '{state.Sweep}' has the unknown type {logged.Event.GetType().Name}.");
        }
    }

    private void Use(string text)
    {
        var next = read(text);
        foreach (var configuration in next.Enqueue)
            if (!state.Enqueued.Contains(configuration))
                state.Enqueued.Add(configuration);
        state.Brackets.Use(
            next.Rules.OfType<SuccessiveHalvingSpec>().FirstOrDefault(), state.Runs.Count == 0 ? 0 : state.Runs.Max(run => run.Bracket) + 1);
        state.SpecText = text;
        state.Use(next);
    }

    private void Fold(RunCreated created)
    {
        var run = new SweepRun(
            created.Run, created.Configuration, created.Seed, created.Bracket, created.Note, created.Confirms, created.Repeat);
        state.Add(run);
        if (created.Proposal is { } proposal)
            state.NextProposal = proposal + 1;
        else if (created.Confirms is null)
            state.EnqueuedStarted++;
        state.AddToRules(run);
        run.Until = run.Confirms is null ? state.Rules.Ladder.Until(run) : run.MaxEpochs;
    }

    private void Fold(ReviewStarted started)
    {
        var review = new Review(
            started.Runs, started.Seeds, started.Outcome, started.Reason, state.Best?.Best ?? double.PositiveInfinity,
            started.Audit ? [.. started.Runs.Select(run => state.Runs[run].Epoch)] : []);
        if (state.Status != SweepStatus.Ended)
            EndRuns(started.Reason);
        if (!started.Audit)
        {
            (state.Status, state.Outcome, state.EndReason, state.Confirmation) = (SweepStatus.Running, null, null, review);
            return;
        }
        foreach (var run in started.Runs)
            state.Runs[run].Pinned = true;
        Reopen(run => started.Runs.Contains(run.Number));
        (state.Status, state.Outcome, state.EndReason, state.Audit) = (SweepStatus.Running, null, null, review);
    }

    private void Fold(RunAssigned assigned)
    {
        var run = state.Runs[assigned.Run];
        state.Move(run, RunState.Running, null);
        (run.Generation, run.Node, run.Until) = (assigned.Generation, assigned.Node, assigned.UntilEpoch);
        (run.ResumedAt, run.Fenced) = (run.Epoch, false);
    }

    private void Fold(RunFailed failed)
    {
        var run = state.Runs[failed.Run];
        run.Failures++;
        var reason = new Reason("failed", Detail: failed.Error);
        if (failed.Permanent)
            End(run, RunState.Failed, reason);
        else
            Requeue(run, reason);
    }

    private void Fold(SweepEnded ended)
    {
        (state.Status, state.Outcome, state.EndReason) = (SweepStatus.Ended, ended.Outcome, ended.Reason);
        state.EndHookRan = false;
        state.Confirmation = state.Confirmation is { } confirmation ? confirmation with { Active = false } : null;
        state.Audit = state.Audit is { } audit ? audit with { Active = false } : null;
        EndRuns(ended.Reason);
        // The node of a stopped run may have written its best weights after TakeDisposable returned the run. All runs are returned again,
        // so that these weights are deleted too.
        state.Ended.Clear();
        state.Ended.AddRange(state.Runs.Select(run => run.Number));
    }

    /// <summary>Stops every run that is running, queued or paused when the search ends.</summary>
    private void EndRuns(Reason reason)
    {
        foreach (var run in state.Runs)
            if (!run.Over)
                End(run, RunState.Stopped, reason with { Rule = "ended", Detail = $"the sweep ended ({reason.Rule})" });
    }

    private void Fold(SweepSteered steered)
    {
        if (steered.Id is { } id)
            state.AddCommandId(id);
        switch (steered.Action)
        {
            case SteerAction.Pause:
                state.Status = SweepStatus.Paused;
                break;
            case SteerAction.Resume:
                if (state.Status is SweepStatus.Stopping or SweepStatus.Ended)
                    Reopen(run => run is { State: RunState.Stopped, Reason.Rule: "ended", Confirms: null });
                state.Status = SweepStatus.Running;
                break;
            case SteerAction.Stop:
                state.Status = SweepStatus.Stopping;
                break;
            case SteerAction.Enqueue enqueue:
                state.Enqueued.Add(enqueue.Configuration);
                break;
            case SteerAction.PinRun pin:
                state.Runs[pin.Run].Pinned = true;
                break;
            case SteerAction.Change change:
                state.Confirmation = null;
                Use(change.Spec);
                if (state.Spec.Method == SearchMethod.Grid)
                    state.NextProposal = 0;
                Reopen(CanContinue);
                break;
            case SteerAction.TestRun test:
                state.TestsWanted.Add(test.Run);
                break;
            case SteerAction.Cancel or SteerAction.StopRun or SteerAction.PromoteRun or SteerAction.Confirm or SteerAction.Audit or SteerAction.Annotate:
                break;
            default:
                throw new NotSupportedException(
                    $"{steered.By} steered sweep '{state.Sweep}' with the unknown action {steered.Action.GetType().Name}.");
        }
    }

    private void Requeue(SweepRun run, Reason reason)
    {
        state.Move(run, RunState.Queued, reason);
        run.Fenced = true;
    }

    private void Promote(SweepRun run, Reason reason)
    {
        state.Rules.Ladder.Promoted(run);
        run.Until = state.Rules.Ladder.Until(run);
        state.Move(run, RunState.Queued, reason);
    }

    private void End(SweepRun run, RunState end, Reason reason)
    {
        state.Move(run, end, reason);
        if (run.Confirms is null)
            state.Rules.Ended(run);
        state.Ended.Add(run.Number);
    }

    /// <summary>
    /// Continues the sweep after a stop was undone, the sweep file changed or an audit started: rebuilds the rules from all runs and
    /// reopens the runs that satisfy <paramref name="canContinue"/>.
    /// </summary>
    private void Reopen(Func<SweepRun, bool> canContinue)
    {
        if (state.Status == SweepStatus.Ended)
            (state.Status, state.Outcome, state.EndReason) = (SweepStatus.Running, null, null);
        state.Use(state.Spec);
        foreach (var run in state.Runs)
            state.AddToRules(run);
        foreach (var run in state.Runs)
        {
            if (canContinue(run))
                Reopen(run);
            state.ReplayToRules(run);
        }
    }

    /// <summary>
    /// Whether a run continues under a changed sweep file: it was stopped by the sweep's end or by the ladder, or finished below its new
    /// last epoch. Runs that were ended by a person, by divergence, by a failure or by another stopping rule stay ended.
    /// </summary>
    private static bool CanContinue(SweepRun run) => run.Confirms is null && run.State switch
    {
        RunState.Paused or RunState.Queued => true,
        RunState.Finished => run.Epoch < run.MaxEpochs && run.Reason?.Detail != EndedByItself,
        RunState.Stopped => run.Reason?.Rule is "ended" or AshaSpec.Name && run.Epoch < run.MaxEpochs,
        _ => false,
    };

    /// <summary>Pauses the run at its rung until it is promoted, or queues it if it needs no promotion.</summary>
    private void Reopen(SweepRun run)
    {
        state.Ended.Remove(run.Number);
        var ladder = state.Rules.Ladder;
        var wasPromoted = run.Until > run.Epoch || (run.State == RunState.Finished && ladder.WaitingRung(run) != run.Epoch);
        var rung = wasPromoted ? null : ladder.WaitingRung(run);
        run.Until = rung ?? ladder.Until(run);
        state.Move(run, rung is null ? RunState.Queued : RunState.Paused, run.Reason);
    }
}
