using Client.Views;
using Sweeps.Core;
using Sweeps.Files;

namespace Client.Output;

/// <summary>Renders an event of a log as one line of text.</summary>
public static class EventSentence
{
    /// <summary>The width of the time and the gap after it.</summary>
    public const int Indent = 9;

    /// <summary><c>0:42  run 7, epoch 3: val_accuracy 0.9355</c>; the time counts from the creation of the sweep.</summary>
    public static string Of(LoggedEvent logged, SweepHistory history) =>
        $"{Format.Time(logged.At - history.State.CreatedAt),7}  {PlainText.Escape(Text(logged, history), oneLine: true)}";

    /// <summary>The run that an event is about, or null.</summary>
    public static int? RunOf(SweepEvent logged) => logged is SweepSteered { Action: SteerAction.Annotate note } ? note.Run : Why.RunOf(logged);

    private static string Text(LoggedEvent logged, SweepHistory history) => logged.Event switch
    {
        SweepCreated e => $"{e.By} created the sweep",
        SweepSteered => StatusText.Action(logged),
        SweepEnded e => $"the sweep {StatusText.Ended(e.Outcome)}: {StatusText.OfReason(e.Reason)}",
        RunCreated e => $"run {e.Run} created: {Format.Varying(e.Configuration, history.Varying)}",
        RunAssigned e => $"run {e.Run} trains to epoch {e.UntilEpoch} on {e.Node}",
        EpochRecorded e => $"run {e.Run}, epoch {e.Epoch}: {history.Spec.Objective.Name} {(e.Metrics.TryGetValue(history.Spec.Objective.Name, out var value) ? Format.Metric(value) : "not reported")}",
        RunPaused e => $"run {e.Run} waits at a rung: {StatusText.OfReason(e.Reason)}",
        RunPromoted e => $"run {e.Run} goes on: {StatusText.OfReason(e.Reason)}",
        RunStopped e => $"run {e.Run} stopped: {StatusText.OfReason(e.Reason)}",
        RunFinished e => $"run {e.Run} finished: {StatusText.OfReason(e.Reason)}",
        RunDiverged e => $"run {e.Run} diverged: {StatusText.OfReason(e.Reason)}",
        RunFailed e => $"run {e.Run} failed{(e.Permanent ? "" : " and is tried again")}: {e.Error}",
        RunLost e => $"run {e.Run} was lost with {e.Node}: {e.Why}",
        RunReleased e => $"run {e.Run} was given back by {e.Node} with a checkpoint",
        EpochsWasted e => $"run {e.Run} trained {Format.Count(e.Epochs, "epoch")} again{(e.Why is { } why ? $": {why}" : "")}",
        TestEvaluated e => e.Error is { } error ? $"run {e.Run} could not be evaluated on the test part: {error}"
            : $"run {e.Run}, weights of epoch {e.Epoch} on the test part: {string.Join(", ", e.Metrics.Select(metric => $"{metric.Key} {Format.Metric(metric.Value)}"))}",
        HookRan { Error: { } error } e => $"{e.Name} failed: {error}",
        HookRan e => $"{e.Name} was called",
        RunNoted e => $"run {e.Run}: {(e.Topic == NoteTopic.Program ? "program " : "")}{e.Text}",
        ReviewStarted { Audit: true } e => $"{Format.Count(e.Runs.Count, "stopped run")} of the sweep go on to their last epoch, for the audit",
        ReviewStarted e => $"runs {string.Join(", ", e.Runs)} are trained again to confirm the best, {e.Seeds} times at most",
        _ => "an event of a newer version of this program",
    };
}
