using Microsoft.Extensions.Logging;

namespace Sweeps;

/// <summary>What coordinators, nodes and runs tell the log of the process. Event ids: 1xx runs, 2xx coordinator, 3xx nodes.</summary>
internal static partial class HostingLog
{
    private static readonly Func<ILogger, string, int, int, IDisposable?> Assignment =
        LoggerMessage.DefineScope<string, int, int>("sweep {Sweep} run {Run} generation {Generation}");

    /// <summary>What is logged while the result is alive belongs to this assignment.</summary>
    public static IDisposable? BeginAssignment(this ILogger logger, string sweep, int run, int generation) =>
        Assignment(logger, sweep, run, generation);

    [LoggerMessage(101, LogLevel.Warning, "Sweep {Sweep}: run {Run}, generation {Generation}, failed.")]
    public static partial void RunFailed(this ILogger logger, string sweep, int run, int generation, Exception error);

    [LoggerMessage(102, LogLevel.Information, "Sweep {Sweep}: the coordinator did not answer run {Run} (attempt {Attempt}); trying again.")]
    public static partial void SendFailed(this ILogger logger, string sweep, int run, int attempt, Exception error);

    [LoggerMessage(103, LogLevel.Warning, "Sweep {Sweep}: the checkpoint store did not serve run {Run} (attempt {Attempt}).")]
    public static partial void CheckpointFailed(this ILogger logger, string sweep, int run, int attempt, Exception error);

    [LoggerMessage(104, LogLevel.Warning, "Sweep {Sweep}: the checkpoint of run {Run} does not fit; the run starts again from epoch 1.")]
    public static partial void CheckpointUnreadable(this ILogger logger, string sweep, int run, Exception error);

    [LoggerMessage(201, LogLevel.Information, "Sweep {Sweep}: another coordinator appended first; deciding again ({Events} events).")]
    public static partial void LogConflict(this ILogger logger, string sweep, int events);

    [LoggerMessage(202, LogLevel.Error, "Sweep {Sweep}: {Events} events could not be appended (attempt {Attempt}); nothing was answered, trying again.")]
    public static partial void AppendFailed(this ILogger logger, string sweep, int events, int attempt, Exception error);

    [LoggerMessage(203, LogLevel.Error, "Sweep {Sweep}: the log could not be read again (attempt {Attempt}).")]
    public static partial void ReplayFailed(this ILogger logger, string sweep, int attempt, Exception error);

    [LoggerMessage(204, LogLevel.Warning, "Sweep {Sweep}: checkpoints of {Runs} ended runs could not be deleted; they only take space.")]
    public static partial void CheckpointsNotDeleted(this ILogger logger, string sweep, int runs, Exception error);

    [LoggerMessage(205, LogLevel.Critical, "Sweep {Sweep}: deciding a {Command} failed, which is a defect; its sender is told, the others go on.")]
    public static partial void DecisionFailed(this ILogger logger, string sweep, string command, Exception error);

    [LoggerMessage(206, LogLevel.Warning, "Sweep {Sweep}: the snapshot at event {Seq} could not be written; the next start takes longer.")]
    public static partial void SnapshotNotWritten(this ILogger logger, string sweep, long seq, Exception error);

    [LoggerMessage(207, LogLevel.Critical, "Sweep {Sweep}: its coordinator has failed and closes; who asks opens the next one.")]
    public static partial void CoordinatorFailed(this ILogger logger, string sweep, Exception error);

    [LoggerMessage(208, LogLevel.Error, "Sweep {Sweep}: its search could not propose a configuration; the next request for work asks again.")]
    public static partial void ProposalFailed(this ILogger logger, string sweep, Exception error);

    [LoggerMessage(301, LogLevel.Warning, "Sweep {Sweep}: its coordinator cannot be reached; asking again in a moment.")]
    public static partial void CoordinatorUnreachable(this ILogger logger, string sweep, Exception error);

    [LoggerMessage(302, LogLevel.Error, "Sweep {Sweep}: run {Run} ended in an error that its driver should have reported.")]
    public static partial void DriverFailed(this ILogger logger, string sweep, int run, Exception error);

    [LoggerMessage(303, LogLevel.Warning, "The active sweeps cannot be listed; asking again in a moment.")]
    public static partial void DirectoryUnreachable(this ILogger logger, Exception error);

    [LoggerMessage(310, LogLevel.Information, "Data set {Dataset} was fetched from the store.")]
    public static partial void DatasetFetched(this ILogger logger, string dataset);

    [LoggerMessage(311, LogLevel.Warning, "Data set {Dataset} is not to be had here; this node takes no work that needs it until it is.")]
    public static partial void DatasetUnusable(this ILogger logger, string dataset, Exception error);

    [LoggerMessage(307, LogLevel.Warning, "Sweep {Sweep}: the best weights, of run {Run}, could not be evaluated on the test part.")]
    public static partial void EvaluationFailed(this ILogger logger, string sweep, int run, Exception error);
}
