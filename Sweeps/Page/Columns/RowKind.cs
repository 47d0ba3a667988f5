using Sweeps.Core;

namespace Sweeps.Page.Columns;

/// <summary>
/// The kind of a row of <see cref="SweepColumns"/>. The numbers are explicit because reports contain them; they must be those of
/// <c>Kind</c> in <c>log.js</c>.
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

    /// <summary>The run failed and is not tried again.</summary>
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

    /// <summary>A change of the sweep file or the resumption of a stopped sweep has queued an ended run.</summary>
    Reopened = 15,

    /// <summary>The status of the sweep changed. The first line of the text is the new status.</summary>
    Status = 16,

    /// <summary>Another steering action on the sweep or a run, or a hook that failed.</summary>
    Steered = 17,

    /// <summary>
    /// A name, note or tag of the sweep or a run. The first line of the text is <c>name</c>, <c>note</c>, <c>tag</c> or <c>untag</c>.
    /// </summary>
    Noted = 18,
}

/// <summary>Extension methods of <see cref="RowKind"/>.</summary>
public static class RowKinds
{
    /// <summary>The kind of the row for an event about one run.</summary>
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
