namespace Sweeps.Core;

/// <summary>Starts the reviews of an ended search (confirmation and audit) and creates the runs of a confirmation.</summary>
internal sealed class ReviewHandler(MachineContext context)
{
    private SweepState State => context.State;

    /// <summary>The best runs with a finite value, best first.</summary>
    public static IReadOnlyList<int> Best(SweepState state, int top) => [.. state.Leaderboard(top).Select(run => run.Number)];

    /// <summary>The reason why the action is impossible, as a sentence for the user, or null.</summary>
    public string? Refusal(SteerAction.Confirm confirm) =>
        Unfinished() ?? (confirm.Top < 2 ? $"At least 2 runs are compared, not {confirm.Top}."
            : confirm.Seeds < ConfirmSpec.MinSeeds ? $"At least {ConfirmSpec.MinSeeds} seeds are needed, not {confirm.Seeds}: fewer differences have no interval."
            : Best(State, confirm.Top).Count < 2 ? "Fewer than two runs have a finite value: there is nothing to compare." : null);

    /// <inheritdoc cref="Refusal(SteerAction.Confirm)"/>
    public string? Refusal(SteerAction.Audit audit) =>
        Unfinished() ?? (audit.Epochs < 1 ? $"An audit trains at least 1 epoch, not {audit.Epochs}."
            : !State.StoppedEarly.Any() ? "No run was stopped by a rule: there is nothing to audit." : null);

    /// <summary>Starts a confirmation.</summary>
    public void Start(SteerAction.Confirm confirm) =>
        context.Emit(new ReviewStarted(Audit: false, Best(State, confirm.Top), confirm.Seeds, State.Outcome!.Value, State.EndReason!));

    /// <summary>Starts an audit of a random sample of the stopped runs: as many as the epochs suffice for, at least two.</summary>
    public void Start(SteerAction.Audit audit)
    {
        var runs = State.StoppedEarly.ToArray();
        var random = new SplitMix64(SplitMix64.Draw(State.Spec.Seed, (ulong)State.Seq, "$audit"));
        for (var i = runs.Length - 1; i > 0; i--)
        {
            var j = (int)(random.Next() % (ulong)(i + 1));
            (runs[i], runs[j]) = (runs[j], runs[i]);
        }
        const int MinRuns = 2;
        var (count, epochs) = (0, 0L);
        while (count < runs.Length && ((epochs += LeftOf(runs[count])) <= audit.Epochs || count < MinRuns))
            count++;
        context.Emit(new ReviewStarted(Audit: true, [.. runs.Take(count).Select(run => run.Number)], 0, State.Outcome!.Value, State.EndReason!));
        // Reopened runs wait at their rungs. Audited runs must not wait for a promotion.
        foreach (var run in runs.Take(count))
            if (run.State == RunState.Paused)
                context.Emit(new RunPromoted(run.Number, new Reason("person", run.Epoch, Detail: "audited")));
    }

    /// <summary>
    /// Creates the run that trains a configuration again. For a given <paramref name="repeat"/> all configurations have the same training
    /// seed and validation split.
    /// </summary>
    public SweepRun Create(int confirmed, int repeat)
    {
        var number = State.Runs.Count;
        context.Emit(new RunCreated(
            number, State.Runs[confirmed].Configuration, SplitMix64.Draw(State.Spec.Seed, (ulong)repeat, "$confirm"), 0,
            $"confirms run {confirmed} with seed {repeat + 1}", Confirms: confirmed, Repeat: repeat));
        return State.Runs[number];
    }

    private static int LeftOf(SweepRun run) => run.MaxEpochs - run.Epoch;

    private string? Unfinished() => State.Status == SweepStatus.Ended && State.Outcome is SweepOutcome.Finished or SweepOutcome.Stopped ? null
        : $"The sweep is {(State.Outcome?.ToString() ?? State.Status.ToString()).ToLowerInvariant()}: a review follows its end.";
}
