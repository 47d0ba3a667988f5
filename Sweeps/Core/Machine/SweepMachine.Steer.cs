using Sweeps.Core.Rules;

namespace Sweeps.Core;

public sealed partial class SweepMachine
{
    /// <summary>A command whose id the log has is answered again: the answer to it was lost, and it must not act twice.</summary>
    private SteerReply Steered(Steer steer) =>
        steer.Id is { } id && State.Remembers(id) ? Accepted(steer.Action) : Refusal(steer) is { } refusal ? new SteerReply(false, refusal) : Act(steer);

    private string? Refusal(Steer steer) => steer.Action switch
    {
        SteerAction.Pause => Unless(State.Status == SweepStatus.Running, "pause"),
        SteerAction.Resume => Unless(
            State.Status is SweepStatus.Paused or SweepStatus.Stopping || State.Outcome == SweepOutcome.Stopped, "resume"),
        // A sweep whose last runs were lost while it was stopping is stopped again, and then ends.
        SteerAction.Stop => Unless(
            State.Status is SweepStatus.Running or SweepStatus.Paused || (State.Status == SweepStatus.Stopping && State.RunningRuns.Count == 0), "stop"),
        SteerAction.Cancel => Unless(State.Status != SweepStatus.Ended, "cancel"),
        SteerAction.StopRun stop => OnRun(stop.Run, run => !run.Over),
        SteerAction.PinRun pin => OnRun(pin.Run, run => !run.Over && !run.Pinned),
        SteerAction.PromoteRun promote => OnRun(promote.Run, CanPromote),
        SteerAction.Enqueue { Configuration: var configuration } => State.Earlier(configuration) is { } same
            ? $"Run {same} has this configuration already."
            : Unless(State.Status is SweepStatus.Running or SweepStatus.Paused, "enqueue"),
        SteerAction.Change change => Refusal(change.Spec),
        _ => throw new NotSupportedException($"The machine does not know the action {steer.Action.GetType().Name}."),
    };

    private string? Unless(bool possible, string verb) =>
        possible ? null : $"The sweep is {(State.Outcome?.ToString() ?? State.Status.ToString()).ToLowerInvariant()}: there is nothing to {verb}.";

    private string? OnRun(int number, Func<SweepRun, bool> possible)
    {
        if (number < 0 || number >= State.Runs.Count)
            return $"There is no run {number}: the sweep has runs 0 to {State.Runs.Count - 1}.";
        var run = State.Runs[number];
        if (State.Status == SweepStatus.Ended)
            return "The sweep has ended: extend it by changing its file.";
        return possible(run) ? null : $"Run {number} is {run.State.ToString().ToLowerInvariant()}{(run.Pinned ? " and pinned" : "")}.";
    }

    private SteerReply Act(Steer steer)
    {
        Emit(new SweepSteered(steer.By, steer.Why, steer.Action, steer.Id));
        switch (steer.Action)
        {
            case SteerAction.Stop:
                // A run that is lost from now on is queued again and finishes its assignment; what waits now does not begin another one.
                foreach (var run in State.QueuedRuns.ToList())
                    Emit(new RunStopped(run, new Reason("ended", Detail: $"{steer.By} stopped the sweep")));
                break;
            case SteerAction.Cancel:
                End(SweepOutcome.Cancelled, ByPerson(steer, "cancelled"));
                break;
            case SteerAction.StopRun stop:
                if (State.Runs[stop.Run].State == RunState.Running)
                    FreeSlot(State.Runs[stop.Run]);
                Emit(new RunStopped(stop.Run, ByPerson(steer, "stopped")));
                break;
            case SteerAction.PinRun pin when State.Runs[pin.Run].State == RunState.Paused:
                Emit(new RunPromoted(pin.Run, ByPerson(steer, "pinned")));
                break;
            case SteerAction.PromoteRun promote:
                Emit(new RunPromoted(promote.Run, ByPerson(steer, "promoted")));
                break;
            case SteerAction.Change or SteerAction.Resume:
                // Reopened runs go back to their rungs; no rung holds a pinned one.
                foreach (var run in State.Runs)
                    if (run is { Pinned: true, State: RunState.Paused })
                        Emit(new RunPromoted(run.Number, new Reason("person", run.Epoch, Detail: "pinned")));
                break;
        }
        Settle();
        return Accepted(steer.Action);
    }

    private SteerReply Accepted(SteerAction action) => new(true, action switch
    {
        SteerAction.Pause => "Paused: nothing new is started, what runs goes on.",
        SteerAction.Stop when State.Status == SweepStatus.Ended => "Stopped.",
        SteerAction.Stop => "Stopping: what runs finishes its assignment.",
        SteerAction.Cancel => "Cancelled.",
        SteerAction.StopRun { Run: var run } => $"Run {run} is stopped.",
        SteerAction.PinRun { Run: var run } => $"Run {run} is pinned: it trains to epoch {State.Runs[run].MaxEpochs}, whatever the rules say.",
        SteerAction.PromoteRun { Run: var run } => $"Run {run} is promoted: it goes on to epoch {State.Runs[run].Until}.",
        SteerAction.Enqueue => "It will be the next new run.",
        _ when State.Status == SweepStatus.Ended => $"There is nothing more to do: {NothingLeft()}.",
        SteerAction.Resume => "Resumed.",
        _ => "The sweep goes on with the new file.",
    });

    private string NothingLeft() => State.Spec.RunCap is { } cap && cap <= State.Runs.Count
        ? $"the sweep has {State.Runs.Count} runs and run_cap is {cap}"
        : State.EndReason?.Detail ?? "the sweep has ended";

    private bool CanPromote(SweepRun run) =>
        run.Epoch < run.MaxEpochs && (run.State == RunState.Paused || (run.State == RunState.Stopped && State.Rules.Ladder.CanResume(run)));

    /// <summary>Why another sweep file is refused: it would make recorded values or open brackets mean something else.</summary>
    private string? Refusal(string text)
    {
        try
        {
            return Refusal(State.Spec, read(text));
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            return problem.Message;
        }
    }

    private string? Refusal(SweepSpec old, SweepSpec next)
    {
        if (next.Objective.Name != old.Objective.Name || next.Objective.Goal != old.Objective.Goal)
            return $"The metric is {next.Objective.Name} ({next.Objective.Goal}) in the new file, expected {old.Objective.Name} ({old.Objective.Goal}): "
                + "recorded values cannot be compared with others. Start a new sweep.";
        if (State.Best is { } best && next.Objective.Reached(next.Objective.Orient(best.Best)))
            return $"Run {best.Number} has reached the target {next.Objective.Target} already: there is nothing more to do.";
        var synchronous = next.Rules.OfType<SuccessiveHalvingSpec>().FirstOrDefault();
        return synchronous is not null && State.Runs.Count > 0 && !old.Rules.OfType<SuccessiveHalvingSpec>().Any()
            ? $"The rule '{synchronous.Type}' puts runs into brackets, and the {State.Runs.Count} runs of this sweep have none. Start a new sweep."
            : null;
    }

    private static Reason ByPerson(Steer steer, string what) =>
        new("person", Detail: steer.Why.Length > 0 ? $"{what} by {steer.By}: {steer.Why}" : $"{what} by {steer.By}");
}
