using System.Globalization;
using Sweeps.Core.Rules;

namespace Sweeps.Core;

/// <summary>A decision about a run with its explanation for the user.</summary>
/// <param name="Seq">The number of the event in the log.</param>
/// <param name="At">The time of the event.</param>
/// <param name="Epoch">The run's last recorded epoch at that moment.</param>
/// <param name="Text">The decision and its reason, with numbers.</param>
/// <param name="ToGoOn">
/// The value that the run would have needed to continue, as a sentence; null if it continued or no value would have sufficed.
/// </param>
/// <param name="Reason">The reason with its numbers, or null.</param>
public sealed record Decision(long Seq, DateTimeOffset At, int Epoch, string Text, string? ToGoOn, Reason? Reason);

/// <summary>Explains a run's decisions from the log.</summary>
public static class Why
{
    /// <summary>
    /// All decisions about a run, in order. The log is replayed because it does not contain the rank of a run that continued at a rung. Throws
    /// <see cref="ArgumentOutOfRangeException"/> when the log has no such run.
    /// </summary>
    public static IReadOnlyList<Decision> Explain(IEnumerable<LoggedEvent> events, int run, SpecReader read)
    {
        var state = new SweepState(read);
        var explainer = new Explainer(state);
        var decisions = new List<Decision>();
        foreach (var logged in events)
            decisions.AddRange(explainer.Apply(logged, only: run).Select(one => one.Decision));
        ArgumentOutOfRangeException.ThrowIfNegative(run);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(run, state.Runs.Count);
        return decisions;
    }

    /// <summary>Applies the events of a log to a state and explains the decisions of each.</summary>
    /// <param name="state">A state without events.</param>
    public sealed class Explainer(SweepState state)
    {
        private readonly Dictionary<Configuration, SweepSteered> enqueued = [];

        /// <summary>
        /// Applies the next event and returns its decisions with the numbers of their runs. An event that ends or reopens the sweep has
        /// decisions about many runs.
        /// </summary>
        /// <param name="logged">The next event of the log.</param>
        /// <param name="only">Explain decisions about this run only; null for all runs.</param>
        public IReadOnlyList<(int Run, Decision Decision)> Apply(LoggedEvent logged, int? only = null)
        {
            if (logged.Event is SweepSteered { Action: SteerAction.Enqueue wish } by)
                enqueued[wish.Configuration] = by;
            var wentOn = logged.Event is EpochRecorded { Verdict: Verdict.Continue } recorded && (only is null || recorded.Run == only)
                ? AtRung(state, recorded)
                : null;
            var before = RunOf(logged.Event) is { } one
                ? only is null || only == one ? [(one, one < state.Runs.Count ? state.Runs[one].State : RunState.Queued)] : []
                : only is { } run ? run >= 0 && run < state.Runs.Count ? [(run, state.Runs[run].State)] : []
                : state.Runs.Select(run => (run.Number, run.State)).ToArray();
            state.Apply(logged);
            var decisions = new List<(int, Decision)>();
            foreach (var (number, was) in before)
                if (Describe(logged.Event, state, number, was, wentOn, enqueued) is var (text, reason) && text is not null)
                    decisions.Add((number, new Decision(
                        logged.Seq, logged.At, state.Runs[number].Epoch, text, Missed(logged.Event, reason, state.Spec), reason)));
            return decisions;
        }
    }

    /// <summary>The run that an event is about; null for an event about the sweep.</summary>
    public static int? RunOf(SweepEvent logged) => logged switch
    {
        RunCreated one => one.Run,
        RunAssigned one => one.Run,
        EpochRecorded one => one.Run,
        RunPaused one => one.Run,
        RunPromoted one => one.Run,
        RunStopped one => one.Run,
        RunFinished one => one.Run,
        RunDiverged one => one.Run,
        RunFailed one => one.Run,
        RunLost one => one.Run,
        RunReleased one => one.Run,
        EpochsWasted one => one.Run,
        TestEvaluated one => one.Run,
        RunNoted one => one.Run,
        SweepSteered { Action: SteerAction.PinRun one } => one.Run,
        SweepSteered { Action: SteerAction.TestRun one } => one.Run,
        SweepSteered { Action: SteerAction.StopRun one } => one.Run,
        SweepSteered { Action: SteerAction.PromoteRun one } => one.Run,
        _ => null,
    };

    private static Reason? AtRung(SweepState state, EpochRecorded recorded)
    {
        var run = state.Runs[recorded.Run];
        if (recorded.Epoch >= run.MaxEpochs)
            return null;
        var decision = state.Rules.Ladder.OnReport(run, recorded.Epoch, state.Oriented(recorded.Metrics));
        return decision.Verdict != Verdict.Pause && decision.Reason?.Rung == recorded.Epoch ? decision.Reason : null;
    }

    private static (string? Text, Reason? Reason) Describe(
        SweepEvent logged, SweepState state, int number, RunState before, Reason? wentOn, Dictionary<Configuration, SweepSteered> enqueued) => logged switch
    {
        RunCreated created when created.Run == number =>
            ($"Created{Origin(created, enqueued)}: {created.Configuration}{(created.Note is { } note ? $" ({note})" : "")}.", null),
        RunAssigned assigned when assigned.Run == number =>
            ($"Given to {assigned.Node} to train {Epochs(state, number, assigned.UntilEpoch)}.", null),
        EpochRecorded when wentOn is not null => ($"Went on at rung {wentOn.Rung}: {NumbersOf(wentOn, state.Spec)}.", wentOn),
        RunPaused paused when paused.Run == number && paused.Reason.Rule == "assignment" => (null, null),
        RunPaused paused when paused.Run == number => ($"Waits at rung {paused.Reason.Rung}: {NumbersOf(paused.Reason, state.Spec)}.", paused.Reason),
        RunPromoted { Reason: { Rule: "person", Detail: { } by } reason } promoted when promoted.Run == number => ($"Goes on, {by}.", reason),
        RunStopped { Reason: { Rule: "person", Detail: { } by } reason } stopped when stopped.Run == number => ($"Ended, {by}.", reason),
        RunFinished { Reason: { Rule: "epochs", Rung: { } last, Value: { } value } reason } finished when finished.Run == number =>
            ($"Finished: epoch {last} was its last, with {state.Spec.Objective.Name} {Show(value)}.", reason),
        RunPromoted promoted when promoted.Run == number => promoted.Reason.Rule == "assignment" ? (null, null)
            : ($"Goes on: {NumbersOf(promoted.Reason, state.Spec)}.", promoted.Reason),
        RunStopped { Reason.Rule: "ended" } stopped when stopped.Run == number => ($"Stopped: {NumbersOf(stopped.Reason, state.Spec)}.", stopped.Reason),
        RunStopped stopped when stopped.Run == number => ($"Stopped by {stopped.Reason.Rule}: {NumbersOf(stopped.Reason, state.Spec)}.", stopped.Reason),
        RunFinished finished when finished.Run == number => ($"Finished: {NumbersOf(finished.Reason, state.Spec)}.", finished.Reason),
        RunDiverged diverged when diverged.Run == number => ($"Diverged at epoch {diverged.Reason.Rung}: {diverged.Reason.Detail}.", diverged.Reason),
        RunFailed failed when failed.Run == number => ($"Failed{(failed.Permanent ? " for good" : ", will be tried again")}: {failed.Error}",
            state.Runs[number].Reason),
        RunLost lost when lost.Run == number => ($"Lost by {lost.Node} ({lost.Why}); it goes on from its last checkpoint.", state.Runs[number].Reason),
        RunReleased released when released.Run == number => ($"Given back by {released.Node} with a checkpoint.", state.Runs[number].Reason),
        EpochsWasted wasted when wasted.Run == number => (wasted.Why is { } why
            ? $"Started again, and trained {wasted.Epochs} epochs a second time: {why}"
            : $"{wasted.Epochs} epochs were trained a second time.", null),
        RunNoted { Topic: NoteTopic.Program } noted when noted.Run == number =>
            ($"{(state.Programs is [var first, ..] && first != noted.Text ? "Another program than that of earlier runs" : "Program")}: {noted.Text}.", null),
        RunNoted noted when noted.Run == number => ($"Note: {noted.Text}.", null),
        TestEvaluated tested when tested.Run == number => (tested.Error is { } error
            ? $"The weights of epoch {tested.Epoch} could not be evaluated on the test part: {error}"
            : $"The weights of epoch {tested.Epoch} were evaluated on the test part.", null),
        SweepSteered { Action: SteerAction.PinRun pin } pinned when pin.Run == number => ($"Pinned by {pinned.By}{Parenthesized(pinned.Why)}: no rule stops it.", null),
        SweepSteered { Action: SteerAction.TestRun test } asked when test.Run == number => ($"{asked.By} asked for its metrics on the test part{Parenthesized(asked.Why)}.", null),
        SweepSteered { Action: SteerAction.Change } changed when IsOver(before) && !state.Runs[number].Over =>
            ($"Reopened: {changed.By} changed the sweep file{Parenthesized(changed.Why)}.", null),
        SweepSteered { Action: SteerAction.Resume } resumed when IsOver(before) && !state.Runs[number].Over =>
            ($"Reopened: {resumed.By} resumed the sweep{Parenthesized(resumed.Why)}.", null),
        SweepEnded ended when before is RunState.Paused or RunState.Queued or RunState.Running =>
            ($"The sweep ended while it {(before == RunState.Paused ? "waited at a rung" : $"was {before.ToString().ToLowerInvariant()}")}: {NumbersOf(ended.Reason, state.Spec)}.", state.Runs[number].Reason),
        _ => (null, null),
    };

    private static string Epochs(SweepState state, int run, int until) => (state.Runs[run].Epoch + 1, until) switch
    {
        var (first, last) when state.Spec.OpenEnded && last == SweepSpec.EpochLimit => $"from epoch {first} until its program ends",
        var (first, last) when first == last => $"epoch {last}",
        var (first, last) => $"epochs {first} to {last}",
    };

    private static bool IsOver(RunState state) => state is not (RunState.Queued or RunState.Running or RunState.Paused);

    private static string Origin(RunCreated created, Dictionary<Configuration, SweepSteered> enqueued) =>
        created.Proposal is not null || created.Confirms is not null ? ""
        : enqueued.TryGetValue(created.Configuration, out var steered) ? $", enqueued by {steered.By}{Parenthesized(steered.Why)}"
        : ", enqueued by the sweep file";

    private static int? Quota(Reason reason, SweepSpec spec) => spec.Rules.FirstOrDefault(rule => rule.Type == reason.Rule)?.Quota(reason);

    private static string NumbersOf(Reason reason, SweepSpec spec)
    {
        var objective = spec.Objective;
        var parts = new List<string>();
        if (reason.Value is { } value)
            parts.Add($"{objective.Name} {Show(value)}");
        if (reason.Rank is { } rank)
            parts.Add($"rank {rank} of {reason.Count}{(Quota(reason, spec) is > 0 and var quota ? $", of which the best {quota} go on" : "")}");
        if (reason.Cutoff is { } cutoff)
            parts.Add($"cutoff {Show(cutoff)}");
        if (reason.Bracket is { } bracket)
            parts.Add($"bracket {bracket}");
        if (reason.Detail is { } detail)
            parts.Add(detail);
        return parts.Count == 0 ? reason.Rule : string.Join(", ", parts);
    }

    private static string? Missed(SweepEvent logged, Reason? reason, SweepSpec spec) => (logged, reason, spec.Objective) switch
    {
        (RunPaused, { Rule: AshaSpec.Name, Cutoff: null }, _) when spec.Rules.OfType<AshaSpec>().FirstOrDefault() is { Eta: var eta } =>
            $"No run is promoted before {eta} runs have arrived at the rung.",
        (RunStopped, { Rank: null, Cutoff: { } cutoff, Value: not null }, var objective) =>
            $"{objective.Name} of {(objective.Goal == Goal.Maximize ? "more" : "less")} than {Show(cutoff)} would have gone on.",
        (RunPaused or RunStopped, { Cutoff: { } cutoff, Value: { } value }, var objective) when objective.Orient(value) > objective.Orient(cutoff) =>
            $"{objective.Name} of {Show(cutoff)} or {(objective.Goal == Goal.Maximize ? "more" : "less")} would have gone on: "
                + $"{Show(Math.Abs(value - cutoff))} were missing.",
        (RunStopped, { Cutoff: { } cutoff, Value: { } value }, _) when value == cutoff =>
            "A run with the same value and a lower number went before it.",
        _ => null,
    };

    private static string Parenthesized(string why) => why.Length > 0 ? $" ({why})" : "";

    private static string Show(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
