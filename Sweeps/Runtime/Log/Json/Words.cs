using System.Text.Json;
using Sweeps.Core;

namespace Sweeps.Log.Json;

/// <summary>The words that stand for enumerations in a log. They never change.</summary>
internal static class Words
{
    public static string Of(Verdict verdict) => verdict switch
    {
        Verdict.Continue => "continue",
        Verdict.Pause => "pause",
        Verdict.Stop => "stop",
        Verdict.Abandon => "abandon",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "A verdict without a word in the log's format."),
    };

    public static Verdict ReadVerdict(ref Utf8JsonReader json) =>
        json.ValueTextEquals("continue"u8) ? Verdict.Continue
        : json.ValueTextEquals("pause"u8) ? Verdict.Pause
        : json.ValueTextEquals("stop"u8) ? Verdict.Stop
        : json.ValueTextEquals("abandon"u8) ? Verdict.Abandon
        : throw new JsonException($"'{json.GetString()}' is not a verdict; expected continue, pause, stop or abandon.");

    public static string Of(SweepOutcome outcome) => outcome switch
    {
        SweepOutcome.Finished => "finished",
        SweepOutcome.Stopped => "stopped",
        SweepOutcome.Cancelled => "cancelled",
        SweepOutcome.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "An outcome without a word in the log's format."),
    };

    public static SweepOutcome Outcome(string? word) => word switch
    {
        "finished" => SweepOutcome.Finished,
        "stopped" => SweepOutcome.Stopped,
        "cancelled" => SweepOutcome.Cancelled,
        "failed" => SweepOutcome.Failed,
        _ => throw new JsonException($"'{word}' is not an outcome; expected finished, stopped, cancelled or failed."),
    };

    public static string Of(SteerAction action) => action switch
    {
        SteerAction.Pause => "pause",
        SteerAction.Resume => "resume",
        SteerAction.Stop => "stop",
        SteerAction.Cancel => "cancel",
        SteerAction.StopRun => "stop_run",
        SteerAction.PinRun => "pin_run",
        SteerAction.PromoteRun => "promote_run",
        SteerAction.Enqueue => "enqueue",
        SteerAction.Change => "change",
        _ => throw new ArgumentException($"The action {action.GetType().Name} has no word in the log's format.", nameof(action)),
    };

    public static SteerAction Action(string? kind, int run, Configuration? configuration, string? spec) => kind switch
    {
        "pause" => new SteerAction.Pause(),
        "resume" => new SteerAction.Resume(),
        "stop" => new SteerAction.Stop(),
        "cancel" => new SteerAction.Cancel(),
        "stop_run" => new SteerAction.StopRun(run),
        "pin_run" => new SteerAction.PinRun(run),
        "promote_run" => new SteerAction.PromoteRun(run),
        "enqueue" => new SteerAction.Enqueue(configuration ?? throw new JsonException("An enqueue action lacks its configuration.")),
        "change" => new SteerAction.Change(spec ?? throw new JsonException("A change action lacks its spec.")),
        _ => throw new JsonException($"'{kind}' is not an action this version knows."),
    };
}
