namespace Sweeps.Core;

/// <summary>Where a sweep stands. Written numbers: they are in snapshots and contracts.</summary>
public enum SweepStatus
{
    /// <summary>Its log is empty.</summary>
    Unknown = 0,

    /// <summary>Slots get work.</summary>
    Running = 1,

    /// <summary>A person paused it: nothing new is started, what runs goes on.</summary>
    Paused = 2,

    /// <summary>A person stopped it: what runs finishes its assignment.</summary>
    Stopping = 3,

    /// <summary>Nothing runs and nothing will.</summary>
    Ended = 4,
}
