using Microsoft.Extensions.Logging;

namespace Sweeps.Hosting;

/// <summary>What coordinators, nodes and runs tell the log of the process. Event ids: 1xx runs, 2xx coordinator, 3xx nodes.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(101, LogLevel.Warning, "Sweep {Sweep}: run {Run}, generation {Generation}, failed.")]
    public static partial void RunFailed(this ILogger logger, string sweep, int run, int generation, Exception error);

    [LoggerMessage(102, LogLevel.Information, "Sweep {Sweep}: the coordinator did not answer run {Run} (attempt {Attempt}); trying again.")]
    public static partial void SendFailed(this ILogger logger, string sweep, int run, int attempt, Exception error);

    [LoggerMessage(103, LogLevel.Warning, "Sweep {Sweep}: the checkpoint store did not serve run {Run} (attempt {Attempt}).")]
    public static partial void CheckpointFailed(this ILogger logger, string sweep, int run, int attempt, Exception error);

    [LoggerMessage(104, LogLevel.Warning, "Sweep {Sweep}: the checkpoint of run {Run} does not fit; the run starts again from epoch 1.")]
    public static partial void CheckpointUnreadable(this ILogger logger, string sweep, int run, Exception error);
}
