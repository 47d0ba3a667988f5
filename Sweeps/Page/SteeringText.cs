using Sweeps.Core;

namespace Sweeps.Page;

/// <summary>Steering actions as text, for the page and the console.</summary>
public static class SteeringText
{
    /// <summary>What the user did, as the predicate of a sentence: <c>stopped run 3</c>.</summary>
    public static string Of(SteerAction action) => action switch
    {
        SteerAction.Pause => "paused the sweep",
        SteerAction.Resume => "resumed the sweep",
        SteerAction.Stop => "stopped the sweep",
        SteerAction.Cancel => "cancelled the sweep",
        SteerAction.StopRun { Run: var run } => $"stopped run {run}",
        SteerAction.PinRun { Run: var run } => $"pinned run {run}",
        SteerAction.PromoteRun { Run: var run } => $"promoted run {run}",
        SteerAction.TestRun { Run: var run } => $"asked for the metrics of run {run} on the test part",
        SteerAction.Enqueue { Configuration: var configuration } => $"enqueued {configuration}",
        SteerAction.Change => "changed the sweep file",
        SteerAction.Annotate { What: Annotation.Name, Text: var name } => $"renamed the sweep to {name}",
        SteerAction.Annotate { What: Annotation.Note, Run: var run, Text: var note } => $"noted{(run is null ? "" : $" on run {run}")}: {note}",
        SteerAction.Annotate { What: Annotation.Tag, Run: var run, Text: var tag } => $"tagged {(run is null ? "the sweep" : $"run {run}")} {tag}",
        SteerAction.Annotate { Run: var run, Text: var tag } => $"removed the tag {tag}{(run is null ? "" : $" of run {run}")}",
        SteerAction.Confirm { Top: var top, Seeds: var seeds } => $"had the best {top} runs confirmed with up to {seeds} seeds",
        SteerAction.Audit { Epochs: var epochs } => $"had stopped runs audited for about {epochs} epochs",
        _ => "steered the sweep",
    };
}
