using Sweeps.Core;

namespace Sweeps.Log.Json;

/// <summary>
/// The names and versions of the events in a log. A name is never reused; a type whose fields change gets the next version, and the reader
/// keeps reading the old ones.
/// </summary>
internal static class EventFormat
{
    /// <summary>The version in which events are written.</summary>
    public const int Version = 1;

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
        TestEvaluated => "test_evaluated",
        SweepCreated => "sweep_created",
        SweepSteered => "sweep_steered",
        SweepEnded => "sweep_ended",
        _ => throw new ArgumentException($"The event type {e.GetType().Name} has no name in the log's format.", nameof(e)),
    };
}
