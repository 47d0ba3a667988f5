using System.Data.Common;

namespace Sweeps.Coordination;

public sealed class SweepNotFoundException(string sweep) : Exception($"There is no sweep '{sweep}' here; `sweep list` shows what there is.");

/// <summary>The coordinator closes. The command may or may not have taken effect: send it again to the next coordinator.</summary>
public sealed class CoordinatorClosedException(string sweep, string? because = null)
    : Exception($"The coordinator of the sweep '{sweep}' {(because is null ? "is closing." : $"has closed: {because}")}");

/// <summary>A command of a person was not carried out and will not be, because the store does not accept its events.</summary>
public sealed class CommandWithdrawnException(Exception problem)
    : Exception($"The command is withdrawn and has no effect, because the store does not accept it: {problem.Message.Split('\n')[0].TrimEnd()}");

/// <summary>A newer generation of the run has claimed its checkpoints.</summary>
internal sealed class GenerationLostException() : Exception("A newer assignment owns the run.");

/// <summary>The checkpoint store rejects a run's checkpoint permanently, or has failed too often.</summary>
internal sealed class StoreRefusedException(Exception inner) : Exception($"The checkpoint store refuses the run: {inner.Message}", inner)
{
    /// <summary>
    /// Whether a retry is useless, by SQLSTATE class: data exceptions, constraint violations, missing tables or rights, program limits. Other
    /// errors, such as a full disk or a restarting server, are transient.
    /// </summary>
    public static bool IsPermanent(Exception e) => e is DbException { SqlState: { Length: 5 } state } && state[..2] is "22" or "23" or "42" or "54";
}

/// <summary>An append has failed <see cref="CoordinatorContext.MaxAttempts"/> times.</summary>
internal sealed class AppendAttemptsException(Exception inner) : Exception("The store has failed too often.", inner);
