namespace Client;

/// <summary>Something the user can mend: printed as it is, without a stack, and the process ends with <see cref="ExitCode.Usage"/>.</summary>
public sealed class UsageException(string message, Exception? inner = null) : Exception(message, inner);
