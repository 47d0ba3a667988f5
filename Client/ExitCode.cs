namespace Client;

/// <summary>The exit code of the process.</summary>
public enum ExitCode
{
    /// <summary>The command succeeded.</summary>
    Done = 0,

    /// <summary>The sweep failed, or a resource that it needs: the disk, the store, the cluster.</summary>
    Failed = 1,

    /// <summary>Wrong usage, an invalid file, or an object that does not exist. The command has had no effect.</summary>
    Usage = 2,

    /// <summary>Interrupted by the user; the sweep can be resumed.</summary>
    Interrupted = 130,
}

/// <summary>An error that the user can correct: its message is printed without a stack trace, and the process ends with <see cref="ExitCode.Usage"/>.</summary>
public class UsageException(string message, Exception? inner = null) : Exception(message, inner);
