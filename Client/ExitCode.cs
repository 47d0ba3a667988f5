namespace Client;

/// <summary>What the process says to its caller when it ends.</summary>
public enum ExitCode
{
    /// <summary>All that was asked for is done.</summary>
    Done = 0,

    /// <summary>The sweep failed, or something it needed did.</summary>
    Failed = 1,

    /// <summary>Bad usage, a bad file, something that does not exist. Nothing was started and nothing is left behind.</summary>
    Usage = 2,

    /// <summary>Interrupted by the user; the sweep can be resumed.</summary>
    Interrupted = 130,
}
