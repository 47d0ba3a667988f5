using Sweeps.Core.Rules;

namespace Sweeps.Core;

/// <summary>Answers <see cref="Steer"/>: checks whether the action is possible and carries it out.</summary>
internal sealed class SteeringHandler(MachineContext context, SweepCompletion completion, ReviewHandler reviews, SpecReader read)
{
    private const int MaxNameLength = 100, MaxNoteLength = 10_000;

    private SweepState State => context.State;

    /// <summary>A repetition of a recorded command is accepted without effect: the client repeats a command whose reply was lost.</summary>
    public SteerReply Decide(SweepSteered steer) =>
        steer.Id is { } id && State.CommandIds.Contains(id) ? Accepted(steer.Action)
        : Refusal(steer) is { } refusal ? new SteerReply(false, refusal)
        : ChangesNothing(steer.Action) ? new SteerReply(true, "The sweep file has these values already: nothing changes.")
        : Act(steer);

    private string? Refusal(SweepSteered steer) => steer.Action switch
    {
        SteerAction.Pause => Unless(State.Status == SweepStatus.Running, "pause"),
        SteerAction.Resume => Unless(
            State.Status is SweepStatus.Paused or SweepStatus.Stopping || State.Outcome == SweepOutcome.Stopped, "resume"),
        // If the last running runs of a stopping sweep were lost, they are queued and none is running: a second stop ends the sweep.
        SteerAction.Stop => Unless(
            State.Status is SweepStatus.Running or SweepStatus.Paused || (State.Status == SweepStatus.Stopping && State.RunningRuns.Count == 0), "stop"),
        SteerAction.Cancel => Unless(State.Status != SweepStatus.Ended, "cancel"),
        SteerAction.StopRun stop => OnRun(stop.Run, "stopped", run => !run.Over),
        SteerAction.PinRun pin => OnRun(pin.Run, "pinned", run => !run.Over && !run.Pinned),
        SteerAction.PromoteRun promote => OnRun(promote.Run, "promoted", CanPromote),
        SteerAction.TestRun test => CanTest(test.Run),
        SteerAction.Enqueue { Configuration: var configuration } => State.FindRun(configuration) is { } same
            ? $"Run {same} has this configuration already."
            : State.Status switch
            {
                SweepStatus.Running or SweepStatus.Paused => null,
                SweepStatus.Stopping => "The sweep is stopping and takes no more runs: resume it first.",
                _ => "The sweep has ended and takes no more runs: extend it first.",
            },
        SteerAction.Annotate annotate => Refusal(annotate),
        SteerAction.Change change => State.Review is null ? Refusal(change.Spec) : "A review of the sweep is running: stop it, or wait for its end.",
        SteerAction.Confirm confirm => reviews.Refusal(confirm),
        SteerAction.Audit audit => reviews.Refusal(audit),
        _ => throw new NotSupportedException($"The machine does not know the action {steer.Action.GetType().Name}."),
    };

    private string? Unless(bool possible, string verb) =>
        possible ? null : $"The sweep is {(State.Outcome?.ToString() ?? State.Status.ToString()).ToLowerInvariant()}: there is nothing to {verb}.";

    private string? CanTest(int number)
    {
        if (NoRun(number) is { } missing)
            return missing;
        if (State.Spec.Trainable is not TrainableSpec.Network)
            return "Only networks on a data set have a test part.";
        if (State.Status != SweepStatus.Ended)
            return "The sweep has not ended: runs are evaluated on the test part after its end.";
        return State.Runs[number] switch
        {
            { BestEpoch: 0 } => $"Run {number} has no epoch with a finite value.",
            { TestError: null } run when run.TestEpoch == run.BestEpoch => $"Run {number} was evaluated on the test part already.",
            _ => null,
        };
    }

    private string? NoRun(int number) =>
        number >= 0 && number < State.Runs.Count ? null : $"There is no run {number}: the sweep has runs 0 to {State.Runs.Count - 1}.";

    private string? OnRun(int number, string done, Func<SweepRun, bool> possible)
    {
        if (NoRun(number) is { } missing)
            return missing;
        var run = State.Runs[number];
        if (State.Status == SweepStatus.Ended)
            return "The sweep has ended: extend it by changing its file.";
        if (possible(run))
            return null;
        var now = run.State == RunState.Paused ? "waits at a rung" : $"is {run.State.ToString().ToLowerInvariant()}";
        return $"Run {number} cannot be {done}: it {now}{(run.Pinned ? " and is pinned already" : "")}."
            + (CanPromote(run) ? $" To let it go on: promote {number}." : "");
    }

    private string? Refusal(SteerAction.Annotate annotate)
    {
        var longest = annotate.What == Annotation.Note ? MaxNoteLength : MaxNameLength;
        if (annotate.Text.Length == 0 || annotate.Text.Length > longest)
            return $"The {annotate.What.ToString().ToLowerInvariant()} has {annotate.Text.Length} characters; expected 1 to {longest}.";
        if (annotate.What != Annotation.Note && annotate.Text.Any(char.IsControl))
            return "A name or a tag is one line without control characters.";
        if (annotate.What is Annotation.Tag or Annotation.Untag && annotate.Text.Any(letter => char.IsWhiteSpace(letter) || letter == ','))
            return $"The tag '{annotate.Text}' has a space or a comma; expected one word, such as baseline.";
        if (annotate is { What: Annotation.Name, Run: not null })
            return "A run has no name of its own; give it a tag or a note.";
        return annotate.Run is { } run && (run < 0 || run >= State.Runs.Count) ? $"There is no run {run}: the sweep has runs 0 to {State.Runs.Count - 1}." : null;
    }

    private SteerReply Act(SweepSteered steer)
    {
        context.Emit(steer);
        if (steer.Action is SteerAction.Annotate)
            return Accepted(steer.Action);
        switch (steer.Action)
        {
            case SteerAction.Stop:
                // Queued runs are stopped. Runs that are lost later are queued again and finish their assignments.
                foreach (var run in State.QueuedRuns.ToList())
                    context.Emit(new RunStopped(run, new Reason("ended", Detail: $"{steer.By} stopped the sweep")));
                break;
            case SteerAction.Cancel:
                completion.End(SweepOutcome.Cancelled, ByPerson(steer, "cancelled"));
                break;
            case SteerAction.StopRun stop:
                if (State.Runs[stop.Run].State == RunState.Running)
                    context.FreeSlot(State.Runs[stop.Run]);
                context.Emit(new RunStopped(stop.Run, ByPerson(steer, "stopped")));
                break;
            case SteerAction.Confirm confirm:
                reviews.Start(confirm);
                break;
            case SteerAction.Audit audit:
                reviews.Start(audit);
                break;
            case SteerAction.PinRun pin when State.Runs[pin.Run].State == RunState.Paused:
                context.Emit(new RunPromoted(pin.Run, ByPerson(steer, "pinned")));
                break;
            case SteerAction.PromoteRun promote:
                context.Emit(new RunPromoted(promote.Run, ByPerson(steer, "promoted")));
                break;
            case SteerAction.Change or SteerAction.Resume:
                // Reopened runs wait at their rungs; pinned ones are promoted immediately.
                foreach (var run in State.Runs)
                    if (run is { Pinned: true, State: RunState.Paused })
                        context.Emit(new RunPromoted(run.Number, new Reason("person", run.Epoch, Detail: "pinned")));
                break;
        }
        completion.Settle();
        return Accepted(steer.Action);
    }

    private SteerReply Accepted(SteerAction action) => new(true, action switch
    {
        SteerAction.Pause => "Paused: no new run starts; running runs continue.",
        SteerAction.Stop when State.Status == SweepStatus.Ended => "Stopped.",
        SteerAction.Stop => "Stopping: running runs finish their assignments.",
        SteerAction.Cancel => "Cancelled.",
        SteerAction.StopRun { Run: var run } => $"Run {run} is stopped.",
        SteerAction.PinRun { Run: var run } => $"Run {run} is pinned: it trains to epoch {State.Runs[run].MaxEpochs}, whatever the rules say.",
        SteerAction.PromoteRun { Run: var run } => $"Run {run} is promoted: it goes on to epoch {State.Runs[run].Until}.",
        SteerAction.Enqueue => "It will be the next new run.",
        SteerAction.Annotate { What: Annotation.Name, Text: var name } => $"Renamed: {name}.",
        SteerAction.Annotate { What: Annotation.Untag, Text: var tag, Run: var run } => $"The tag '{tag}' is removed from {(run is null ? "the sweep" : $"run {run}")}.",
        SteerAction.Annotate { What: var what, Run: var run } => $"The {what.ToString().ToLowerInvariant()} is in the log of {(run is null ? "the sweep" : $"run {run}")}.",
        SteerAction.TestRun { Run: var run } => $"Run {run} will be evaluated on the test part.",
        SteerAction.Confirm when State.Confirmation is { } review => $"Runs {string.Join(", ", review.Runs)} are trained again with up to {review.Seeds} seeds.",
        SteerAction.Audit when State.Audit is { } review => $"{review.Runs.Count} stopped runs are trained to their last epoch.",
        _ when State.Status == SweepStatus.Ended => $"There is nothing more to do: {NothingLeft()}.",
        SteerAction.Resume => "Resumed.",
        _ => "The sweep goes on with the new file.",
    });

    private bool ChangesNothing(SteerAction action) =>
        action is SteerAction.Change change && change.Spec == State.SpecText && State.Status != SweepStatus.Ended;

    private string NothingLeft() => State.Spec.RunCap is { } cap && cap <= State.SearchedRuns.Count
        ? $"the sweep has {State.SearchedRuns.Count} runs and run_cap is {cap}"
        : State.EndReason?.Detail ?? "the sweep has ended";

    private bool CanPromote(SweepRun run) =>
        run.Epoch < run.MaxEpochs && (run.State == RunState.Paused || (run.State == RunState.Stopped && State.Rules.Ladder.CanResume(run)));

    /// <summary>
    /// The reason why a sweep file is refused, or null: it is invalid, or recorded values or brackets would change their meaning.
    /// </summary>
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

    private static Reason ByPerson(SweepSteered steer, string what) =>
        new("person", Detail: steer.Why.Length > 0 ? $"{what} by {steer.By}: {steer.Why}" : $"{what} by {steer.By}");
}
