namespace Sweeps.Runs;

/// <summary>How an assignment ended, as its node sees it.</summary>
public enum RunOutcome
{
    /// <summary>The verdict was pause: the checkpoint is kept.</summary>
    Paused = 0,

    /// <summary>The verdict was stop: finished, ended early or diverged.</summary>
    Stopped = 1,

    /// <summary>The run belongs to a newer assignment; nothing was written.</summary>
    Abandoned = 2,

    /// <summary>Given back with its checkpoint, because the node drains.</summary>
    Released = 3,

    /// <summary>An error ended it and was reported.</summary>
    Failed = 4,

    /// <summary>Given back untouched, because it could not be started here.</summary>
    NotStarted = 5,
}
