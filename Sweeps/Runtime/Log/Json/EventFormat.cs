using System.Text.Json;
using Sweeps.Core;

namespace Sweeps.Log.Json;

/// <summary>
/// The names of events and enumerations in a log, and the versions of the events. Names never change and are never reused, because old logs
/// must replay. An event whose fields change gets the next version; the reader accepts all versions up to the newest.
/// </summary>
internal static class EventFormat
{
    /// <summary>The newest version of an event type that this program can read.</summary>
    public static int NewestOf(string? type) => type switch
    {
        "sweep_steered" or "run_created" => 3,
        _ => 1,
    };

    /// <summary>The version in which an event is written: the oldest that has all of its fields, so that older programs can read the log.</summary>
    public static int VersionOf(SweepEvent e) => e switch
    {
        SweepSteered { Action: SteerAction.Annotate or SteerAction.Confirm or SteerAction.Audit } or RunCreated { Confirms: not null } => 3,
        SweepSteered { Id: not null } or RunCreated { Seen: not null } => 2,
        _ => 1,
    };

    /// <summary>The name of an event's type in a log: <c>run_created</c>.</summary>
    public static string Name(SweepEvent e) => e switch
    {
        EpochRecorded => "epoch_recorded",
        RunAssigned => "run_assigned",
        RunCreated => "run_created",
        RunPaused => "run_paused",
        RunPromoted => "run_promoted",
        RunStopped => "run_stopped",
        RunFinished => "run_finished",
        RunDiverged => "run_diverged",
        RunFailed => "run_failed",
        RunLost => "run_lost",
        RunReleased => "run_released",
        EpochsWasted => "epochs_wasted",
        RunNoted => "run_noted",
        TestEvaluated => "test_evaluated",
        HookRan => "hook_ran",
        ReviewStarted => "review_started",
        SweepCreated => "sweep_created",
        SweepSteered => "sweep_steered",
        SweepEnded => "sweep_ended",
        _ => throw new ArgumentException($"The event type {e.GetType().Name} has no name in the log's format.", nameof(e)),
    };

    public static string Name(Verdict verdict) => verdict switch
    {
        Verdict.Continue => "continue",
        Verdict.Pause => "pause",
        Verdict.Stop => "stop",
        Verdict.Abandon => "abandon",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "The verdict has no name in the log's format."),
    };

    public static Verdict ReadVerdict(ref Utf8JsonReader json) =>
        json.ValueTextEquals("continue"u8) ? Verdict.Continue
        : json.ValueTextEquals("pause"u8) ? Verdict.Pause
        : json.ValueTextEquals("stop"u8) ? Verdict.Stop
        : json.ValueTextEquals("abandon"u8) ? Verdict.Abandon
        : throw new JsonException($"'{json.GetString()}' is not a verdict; expected continue, pause, stop or abandon.");

    public static string Name(SweepOutcome outcome) => outcome switch
    {
        SweepOutcome.Finished => "finished",
        SweepOutcome.Stopped => "stopped",
        SweepOutcome.Cancelled => "cancelled",
        SweepOutcome.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "The outcome has no name in the log's format."),
    };

    public static SweepOutcome ReadOutcome(string? name) => name switch
    {
        "finished" => SweepOutcome.Finished,
        "stopped" => SweepOutcome.Stopped,
        "cancelled" => SweepOutcome.Cancelled,
        "failed" => SweepOutcome.Failed,
        _ => throw new JsonException($"'{name}' is not an outcome; expected finished, stopped, cancelled or failed."),
    };

    public static string Name(SteerAction action) => action switch
    {
        SteerAction.Pause => "pause",
        SteerAction.Resume => "resume",
        SteerAction.Stop => "stop",
        SteerAction.Cancel => "cancel",
        SteerAction.StopRun => "stop_run",
        SteerAction.PinRun => "pin_run",
        SteerAction.PromoteRun => "promote_run",
        SteerAction.TestRun => "test_run",
        SteerAction.Enqueue => "enqueue",
        SteerAction.Change => "change",
        SteerAction.Confirm => "confirm",
        SteerAction.Audit => "audit",
        SteerAction.Annotate { What: Annotation.Name } => "rename",
        SteerAction.Annotate { What: Annotation.Note } => "note",
        SteerAction.Annotate { What: Annotation.Tag } => "tag",
        SteerAction.Annotate { What: Annotation.Untag } => "untag",
        _ => throw new ArgumentException($"The action {action.GetType().Name} has no name in the log's format.", nameof(action)),
    };

    public static SteerAction ReadAction(string? kind, int? run, Configuration? configuration, string? spec, string? text, int top, int seeds, int epochs)
    {
        string Text() => text ?? throw new JsonException($"The action '{kind}' lacks its text.");
        return kind switch
        {
            "pause" => new SteerAction.Pause(),
            "resume" => new SteerAction.Resume(),
            "stop" => new SteerAction.Stop(),
            "cancel" => new SteerAction.Cancel(),
            "stop_run" => new SteerAction.StopRun(run ?? -1),
            "pin_run" => new SteerAction.PinRun(run ?? -1),
            "promote_run" => new SteerAction.PromoteRun(run ?? -1),
            "test_run" => new SteerAction.TestRun(run ?? -1),
            "enqueue" => new SteerAction.Enqueue(configuration ?? throw new JsonException("An enqueue action lacks its configuration.")),
            "change" => new SteerAction.Change(spec ?? throw new JsonException("A change action lacks its spec.")),
            "confirm" => new SteerAction.Confirm(top, seeds),
            "audit" => new SteerAction.Audit(epochs),
            "rename" => new SteerAction.Annotate(Annotation.Name, Text(), run),
            "note" => new SteerAction.Annotate(Annotation.Note, Text(), run),
            "tag" => new SteerAction.Annotate(Annotation.Tag, Text(), run),
            "untag" => new SteerAction.Annotate(Annotation.Untag, Text(), run),
            _ => throw new JsonException($"'{kind}' is not an action this version knows."),
        };
    }
}
