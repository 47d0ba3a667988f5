using Sweeps.Core.Rules;

namespace Sweeps.Core;

public sealed partial class SweepMachine
{
    private SteerReply Steered(Steer steer) => steer.Action switch
    {
        SteerAction.Pause => When(State.Status == SweepStatus.Running, steer, "Paused: nothing new is started, what runs goes on."),
        SteerAction.Resume => When(State.Status is SweepStatus.Paused or SweepStatus.Stopping, steer, "Resumed."),
        SteerAction.Stop => StopSweep(steer),
        SteerAction.Cancel => Cancel(steer),
        SteerAction.StopRun stop => OnRun(steer, stop.Run, run => !run.Over, StopRun),
        SteerAction.PinRun pin => OnRun(steer, pin.Run, run => !run.Over && !run.Pinned, Pin),
        SteerAction.PromoteRun promote => OnRun(steer, promote.Run, CanPromote, Promote),
        SteerAction.Enqueue enqueue => Enqueue(steer, enqueue.Configuration),
        SteerAction.Change change => Change(steer, change.Spec),
        _ => throw new NotSupportedException($"The machine does not know the action {steer.Action.GetType().Name}."),
    };

    private SteerReply When(bool possible, Steer steer, string message)
    {
        if (!possible)
            return new SteerReply(false, $"The sweep is {State.Status.ToString().ToLowerInvariant()}: there is nothing to {Verb(steer)}.");
        Emit(new SweepSteered(steer.By, steer.Why, steer.Action));
        return new SteerReply(true, message);
    }

    private static string Verb(Steer steer) => steer.Action.GetType().Name.ToLowerInvariant();

    private SteerReply StopSweep(Steer steer)
    {
        // A sweep whose last runs were lost while it was stopping is stopped again, and then ends.
        var idle = State.RunningRuns.Count == 0;
        var reply = When(
            State.Status is SweepStatus.Running or SweepStatus.Paused || (State.Status == SweepStatus.Stopping && idle), steer,
            idle ? "Stopped." : "Stopping: what runs finishes its assignment.");
        if (reply.Accepted)
            foreach (var run in State.QueuedRuns.ToList())
                Emit(new RunStopped(run, new Reason("person", Detail: $"{steer.By} stopped the sweep")));
        return reply;
    }

    private SteerReply Cancel(Steer steer)
    {
        var reply = When(State.Status != SweepStatus.Ended, steer, "Cancelled.");
        if (reply.Accepted)
            End(SweepOutcome.Cancelled, ByPerson(steer, "cancelled"));
        return reply;
    }

    private SteerReply OnRun(Steer steer, int number, Func<SweepRun, bool> possible, Func<Steer, SweepRun, string> act)
    {
        if (number < 0 || number >= State.Runs.Count)
            return new SteerReply(false, $"There is no run {number}: the sweep has runs 0 to {State.Runs.Count - 1}.");
        var run = State.Runs[number];
        if (State.Status == SweepStatus.Ended)
            return new SteerReply(false, "The sweep has ended: extend it by changing its file.");
        if (!possible(run))
            return new SteerReply(false, $"Run {number} is {run.State.ToString().ToLowerInvariant()}{(run.Pinned ? " and pinned" : "")}.");
        Emit(new SweepSteered(steer.By, steer.Why, steer.Action));
        return new SteerReply(true, act(steer, run));
    }

    private string StopRun(Steer steer, SweepRun run)
    {
        if (run.State == RunState.Running)
            FreeSlot(run);
        Emit(new RunStopped(run.Number, ByPerson(steer, "stopped")));
        return $"Run {run.Number} is stopped.";
    }

    private string Pin(Steer steer, SweepRun run)
    {
        if (run.State == RunState.Paused)
            Emit(new RunPromoted(run.Number, ByPerson(steer, "pinned")));
        return $"Run {run.Number} is pinned: it trains to epoch {run.MaxEpochs}, whatever the rules say.";
    }

    private string Promote(Steer steer, SweepRun run)
    {
        Emit(new RunPromoted(run.Number, ByPerson(steer, "promoted")));
        return $"Run {run.Number} is promoted: it goes on to epoch {run.Until}.";
    }

    private bool CanPromote(SweepRun run) =>
        run.Epoch < run.MaxEpochs && (run.State == RunState.Paused || (run.State == RunState.Stopped && State.Rules.Ladder.CanResume(run)));

    private SteerReply Enqueue(Steer steer, Configuration configuration)
    {
        if (State.Earlier(configuration) is { } same)
            return new SteerReply(false, $"Run {same} has this configuration already.");
        return When(State.Status is SweepStatus.Running or SweepStatus.Paused, steer, "It will be the next new run.");
    }

    /// <summary>Replaces the sweep file. What would make recorded values or open brackets mean something else is refused.</summary>
    private SteerReply Change(Steer steer, string text)
    {
        SweepSpec next;
        try
        {
            next = read(text);
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            return new SteerReply(false, problem.Message);
        }
        if (Refusal(State.Spec, next) is { } refusal)
            return new SteerReply(false, refusal);
        var reopened = State.Status == SweepStatus.Ended;
        Emit(new SweepSteered(steer.By, steer.Why, steer.Action));
        return new SteerReply(true, reopened ? "The sweep goes on with the new file." : "The new file holds from now on.");
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
