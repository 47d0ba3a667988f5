using Sweeps.Core;

namespace Sweeps.Log.Json;

/// <summary>
/// The names and versions of the events in a log. A name is never reused; a type whose fields change gets the next version, and the reader
/// keeps reading the old ones.
/// </summary>
internal static class EventFormat
{
    /// <summary>The newest version of a type that is read.</summary>
    public static int NewestOf(string? type) => type is "sweep_steered" or "run_created" ? 2 : 1;

    /// <summary>The version in which an event is written: the oldest that has all its fields, so that older programs read what they can.</summary>
    public static int VersionOf(SweepEvent e) => e is SweepSteered { Id: not null } or RunCreated { Seen: not null } ? 2 : 1;

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
