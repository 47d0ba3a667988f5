using System.Data.Common;

namespace Sweeps.Coordination;

/// <summary>There is no sweep with this id.</summary>
public sealed class SweepNotFoundException(string sweep) : Exception($"There is no sweep '{sweep}' here; `sweep list` shows what there is.");

/// <summary>The coordinator is going down. What the command did is unknown: send it again, to the next one.</summary>
public sealed class CoordinatorClosedException(string sweep, string? because = null)
    : Exception($"The coordinator of the sweep '{sweep}' {(because is null ? "is closing." : $"has closed: {because}")}");

/// <summary>The checkpoint store knows a newer generation of the run.</summary>
internal sealed class GenerationLostException() : Exception("A newer assignment owns the run.");

/// <summary>The checkpoint store refuses a run's checkpoint, in a way that trying again cannot change or for too long.</summary>
internal sealed class StoreRefusedException(Exception inner) : Exception($"The checkpoint store refuses the run: {inner.Message}", inner)
{
    /// <summary>
    /// SQLSTATE classes that stay: data that do not fit, a violated constraint, missing tables and rights, limits of the program. What is not
    /// among them, such as a full disk or a server that restarts, passes.
    /// </summary>
    public static bool IsPermanent(Exception e) => e is DbException { SqlState: { Length: 5 } state } && state[..2] is "22" or "23" or "42" or "54";
}

/// <summary>An append has failed too often.</summary>
internal sealed class GaveUpException(Exception inner) : Exception("The store has failed too often.", inner);
