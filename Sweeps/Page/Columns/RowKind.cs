using Sweeps.Core;

namespace Sweeps.Page.Columns;

/// <summary>
/// What a row of <see cref="SweepColumns"/> says about its run. The numbers are explicit because reports contain them; <c>fold.js</c> has the same ones.
/// </summary>
public enum RowKind : byte
{
    Created = 0,
    Assigned = 1,
    Epoch = 2,

    /// <summary>The run is at a rung.</summary>
    Paused = 3,
    Promoted = 4,
    Stopped = 5,
    Finished = 6,
    Diverged = 7,

    /// <summary>The run failed for good.</summary>
    Failed = 8,

    /// <summary>The run's node was lost; the run is queued.</summary>
    Lost = 9,

    /// <summary>A node returned the run; the run is queued.</summary>
    Released = 10,

    /// <summary>The run failed and is queued again.</summary>
    Retried = 11,

    /// <summary>Epochs of the run were trained a second time.</summary>
    Wasted = 12,
    Tested = 13,
    Pinned = 14,

    /// <summary>A change of the sweep file or the undoing of a stop has queued an ended run.</summary>
    Reopened = 15,

    /// <summary>The sweep has another status: the text begins with it.</summary>
    Status = 16,

    /// <summary>A person did something else to the sweep or a run.</summary>
    Steered = 17,

    /// <summary>A name, note or tag of the sweep or a run: the first line of the text says which.</summary>
    Noted = 18,
}

/// <summary>Extension methods of <see cref="RowKind"/>.</summary>
public static class RowKinds
{
    /// <summary>The kind of the row of an event about one run.</summary>
    public static RowKind Of(SweepEvent logged) => logged switch
    {
        RunCreated => RowKind.Created,
        RunAssigned => RowKind.Assigned,
        EpochRecorded => RowKind.Epoch,
        RunPaused => RowKind.Paused,
        RunPromoted => RowKind.Promoted,
        RunStopped => RowKind.Stopped,
        RunFinished => RowKind.Finished,
        RunDiverged => RowKind.Diverged,
        RunFailed { Permanent: true } => RowKind.Failed,
        RunFailed => RowKind.Retried,
        RunLost => RowKind.Lost,
        RunReleased => RowKind.Released,
        EpochsWasted => RowKind.Wasted,
        TestEvaluated => RowKind.Tested,
        SweepSteered { Action: SteerAction.PinRun } => RowKind.Pinned,
        _ => RowKind.Steered,
    };
}
