namespace Client;

/// <summary>The exit code of the process.</summary>
public enum ExitCode
{
    /// <summary>The command has done what it was asked to do.</summary>
    Done = 0,

    /// <summary>The sweep failed, or something it needs did: the disk, the store, the cluster.</summary>
    Failed = 1,

    /// <summary>Bad usage, a bad file, or something that does not exist. Nothing was started and nothing is left behind.</summary>
    Usage = 2,

    /// <summary>Interrupted by the user; the sweep can be resumed.</summary>
    Interrupted = 130,
}

/// <summary>An error that the user can correct: its message is printed without a stack trace, and the process ends with <see cref="ExitCode.Usage"/>.</summary>
public class UsageException(string message, Exception? inner = null) : Exception(message, inner);
