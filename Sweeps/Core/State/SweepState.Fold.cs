using Sweeps.Core.Rules;

namespace Sweeps.Core;

public sealed partial class SweepState
{
    /// <summary>Folds the next event. Throws <see cref="ArgumentException"/> when it is not the next one.</summary>
    public void Apply(LoggedEvent logged)
    {
        if (logged.Seq != Seq + 1)
            throw new ArgumentException($"Event {logged.Seq} of sweep '{Sweep}' cannot follow event {Seq}: a log has no gaps.");
        if (running.Count > 0 && logged.At > At)
            Busy += logged.At - At;
        (Seq, At) = (logged.Seq, logged.At > At ? logged.At : At);
        switch (logged.Event)
        {
            case SweepCreated created:
                (Sweep, CreatedAt, Status) = (created.Sweep, logged.At, SweepStatus.Running);
                Use(created.Spec);
                break;
            case SweepSteered steered:
                Fold(steered);
                break;
            case SweepEnded ended:
                Fold(ended);
                break;
            case RunCreated created:
                Fold(created);
                break;
            case RunAssigned assigned:
                Fold(assigned);
                break;
            case EpochRecorded recorded:
                Fold(recorded);
                break;
            case RunPaused paused:
                Move(paused.Run, RunState.Paused, paused.Reason);
                break;
            case RunPromoted promoted:
                Promote(runs[promoted.Run], promoted.Reason);
                break;
            case RunStopped stopped:
                End(runs[stopped.Run], RunState.Stopped, stopped.Reason);
                break;
            case RunFinished finished:
                End(runs[finished.Run], RunState.Finished, finished.Reason);
                break;
            case RunDiverged diverged:
                End(runs[diverged.Run], RunState.Diverged, diverged.Reason);
                break;
            case RunFailed failed:
                Fold(failed);
                break;
            case RunLost lost:
                runs[lost.Run].Losses++;
                Requeue(runs[lost.Run], new Reason("lost", Detail: $"{lost.Node}: {lost.Why}"));
                break;
            case RunReleased released:
                Requeue(runs[released.Run], new Reason("released", Detail: released.Node));
                break;
            case EpochsWasted wasted:
                runs[wasted.Run].Wasted += wasted.Epochs;
                EpochsWasted += wasted.Epochs;
                break;
            case TestEvaluated evaluated:
                Fold(evaluated);
                break;
            default:
                throw new NotSupportedException($"Event {logged.Seq} of sweep '{Sweep}' has the unknown type {logged.Event.GetType().Name}.");
        }
    }

    private void Use(string text)
    {
        var next = read(text);
        foreach (var configuration in next.Enqueue)
            if (!enqueued.Contains(configuration))
                enqueued.Add(configuration);
        brackets.Use(next.Rules.OfType<SuccessiveHalvingSpec>().FirstOrDefault(), runs.Count == 0 ? 0 : runs.Max(run => run.Bracket) + 1);
        (SpecText, spec) = (text, next);
        rules = new SweepRules(next, brackets);
    }

    private void Fold(RunCreated created)
    {
        var run = new SweepRun(created.Run, created.Configuration, created.Seed, created.Bracket, created.Note);
        runs.Add(run);
        counts[(int)RunState.Queued]++;
        queue.Add(run.Number);
        known.TryAdd(run.Configuration, run.Number);
        if (created.Proposal is { } proposal)
            NextProposal = proposal + 1;
        else
            EnqueuedStarted++;
        Enter(run);
        run.Until = Rules.Ladder.Until(run);
    }

    private void Fold(RunAssigned assigned)
    {
        var run = runs[assigned.Run];
        Move(run.Number, RunState.Running, null);
        (run.Generation, run.Node, run.Until) = (assigned.Generation, assigned.Node, assigned.UntilEpoch);
        (run.ResumedAt, run.Fenced) = (run.Epoch, false);
    }

    private void Fold(EpochRecorded recorded)
    {
        var run = runs[recorded.Run];
        var value = Oriented(recorded.Metrics);
        var before = run.Best;
        row = run.Record(value, recorded.Metrics, recorded.Seconds, row);
        if (run.Best < before)
        {
            ranking.Remove((before, run.Number));
            ranking.Add((run.Best, run.Number));
        }
        EpochsRecorded++;
        Seconds += recorded.Seconds;
        Rules.Recorded(run, run.Epoch, value);
    }

    private void Fold(RunFailed failed)
    {
        var run = runs[failed.Run];
        run.Failures++;
        var reason = new Reason("failed", Detail: failed.Error);
        if (failed.Permanent)
            End(run, RunState.Failed, reason);
        else
            Requeue(run, reason);
    }

    private void Fold(TestEvaluated evaluated)
    {
        var run = runs[evaluated.Run];
        (run.TestEpoch, run.Test, run.TestError) = (evaluated.Epoch, evaluated.Metrics, evaluated.Error);
    }

    private void Fold(SweepEnded ended)
    {
        (Status, Outcome, EndReason) = (SweepStatus.Ended, ended.Outcome, ended.Reason);
        foreach (var run in runs)
            if (!run.Over)
                End(run, RunState.Stopped, ended.Reason with { Rule = "ended", Detail = $"the sweep ended ({ended.Reason.Rule})" });
        // A run that a rule stopped may have written its best weights after it was told as disposable.
        over.Clear();
        over.AddRange(runs.Select(run => run.Number));
    }

    /// <summary>The objective so that smaller is better; +∞ where it is absent or not finite.</summary>
    internal double Oriented(IReadOnlyDictionary<string, double> metrics) => Spec.Objective.Of(metrics);

    private void Fold(SweepSteered steered)
    {
        if (steered.Id is { } id)
            Remember(id);
        switch (steered.Action)
        {
            case SteerAction.Pause:
                Status = SweepStatus.Paused;
                break;
            case SteerAction.Resume:
                if (Status is SweepStatus.Stopping or SweepStatus.Ended)
                    Reopen(run => run is { State: RunState.Stopped, Reason.Rule: "ended" });
                Status = SweepStatus.Running;
                break;
            case SteerAction.Stop:
                Status = SweepStatus.Stopping;
                break;
            case SteerAction.Enqueue enqueue:
                enqueued.Add(enqueue.Configuration);
                break;
            case SteerAction.PinRun pin:
                runs[pin.Run].Pinned = true;
                break;
            case SteerAction.Change change:
                Use(change.Spec);
                if (Spec.Method == SearchMethod.Grid)
                    NextProposal = 0;
                Reopen(CanGoOn);
                break;
            case SteerAction.Cancel or SteerAction.StopRun or SteerAction.PromoteRun:
                break;
            default:
                throw new NotSupportedException($"{steered.By} steered sweep '{Sweep}' with the unknown action {steered.Action.GetType().Name}.");
        }
    }
}
