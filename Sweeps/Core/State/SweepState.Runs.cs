using Sweeps.Core.Rules;

namespace Sweeps.Core;

public sealed partial class SweepState
{
    /// <summary>A run's place in the current sweep file: how long it may train, its bracket.</summary>
    private void Enter(SweepRun run)
    {
        run.MaxEpochs = Math.Max(run.Epoch, Math.Min(Spec.EpochsOf(run.Configuration), Spec.LastEpoch));
        Rules.Created(run);
    }

    /// <summary>Rebuilds the indexes of the rules from a run's learning curve and state.</summary>
    private void Replay(SweepRun run)
    {
        for (var epoch = 1; epoch <= run.Epoch; epoch++)
            Rules.Recorded(run, epoch, run.ValueAt(epoch));
        if (run.Over)
            Rules.Ended(run);
    }

    private void Requeue(SweepRun run, Reason reason)
    {
        Move(run.Number, RunState.Queued, reason);
        run.Fenced = true;
    }

    private void Promote(SweepRun run, Reason reason)
    {
        Rules.Ladder.Promoted(run);
        run.Until = Rules.Ladder.Until(run);
        Move(run.Number, RunState.Queued, reason);
    }

    private void End(SweepRun run, RunState state, Reason reason)
    {
        Move(run.Number, state, reason);
        Rules.Ended(run);
        over.Add(run.Number);
    }

    private void Move(int number, RunState state, Reason? reason)
    {
        var run = runs[number];
        counts[(int)run.State]--;
        counts[(int)state]++;
        if (run.State == RunState.Queued)
            queue.Remove(number);
        if (run.State == RunState.Running)
            running.Remove(number);
        if (state == RunState.Queued)
            queue.Add(number);
        if (state == RunState.Running)
            running.Add(number);
        run.State = state;
        run.Reason = reason ?? run.Reason;
    }

    /// <summary>
    /// After a stop is undone or the sweep file has changed: the rules are told everything again, and the runs of which
    /// <paramref name="canGoOn"/> says so go on.
    /// </summary>
    private void Reopen(Func<SweepRun, bool> canGoOn)
    {
        if (Status == SweepStatus.Ended)
            (Status, Outcome, EndReason) = (SweepStatus.Running, null, null);
        rules = new SweepRules(Spec, brackets);
        runs.ForEach(Enter);
        foreach (var run in runs)
        {
            if (canGoOn(run))
                Reopen(run);
            Replay(run);
        }
    }

    /// <summary>The detail of a run's end that the trainable itself decided: it would train no further epoch.</summary>
    internal const string EndedByItself = "the trainable ended by itself";

    /// <summary>
    /// After a change of the sweep file: what the sweep's end or a rule of the ladder held back, and what finished below its new last
    /// epoch. Runs ended by a person, by divergence, failure or a stopping rule stay as they are.
    /// </summary>
    private static bool CanGoOn(SweepRun run) => run.State switch
    {
        RunState.Paused or RunState.Queued => true,
        RunState.Finished => run.Epoch < run.MaxEpochs && run.Reason?.Detail != EndedByItself,
        RunState.Stopped => run.Reason?.Rule is "ended" or AshaSpec.Name && run.Epoch < run.MaxEpochs,
        _ => false,
    };

    /// <summary>A run goes back to its rung and waits to be promoted, or, where runs do not wait, to the queue.</summary>
    private void Reopen(SweepRun run)
    {
        over.Remove(run.Number);
        var wasPromoted = run.Until > run.Epoch || (run.State == RunState.Finished && Rules.Ladder.WaitingRung(run) != run.Epoch);
        var rung = wasPromoted ? null : Rules.Ladder.WaitingRung(run);
        run.Until = rung ?? Rules.Ladder.Until(run);
        Move(run.Number, rung is null ? RunState.Queued : RunState.Paused, run.Reason);
    }
}
