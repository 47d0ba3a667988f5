namespace Silo;

/// <summary>Log messages of a silo, event ids 4000–4099.</summary>
internal static partial class SiloLog
{
    [LoggerMessage(4000, LogLevel.Information, "Node {Node} asks for work.")]
    public static partial void NodeStarted(this ILogger logger, string node);

    [LoggerMessage(4001, LogLevel.Information, "Node {Node} has drained: its runs were given back.")]
    public static partial void NodeDrained(this ILogger logger, string node);

    [LoggerMessage(4002, LogLevel.Information, "Silo {Silo} has left the cluster or is dead; the runs that it had, if any, are queued again.")]
    public static partial void SiloLost(this ILogger logger, string silo);

    [LoggerMessage(4003, LogLevel.Warning, "The runs of dead silo {Silo} could not be queued at once; they are queued when their leases expire.")]
    public static partial void SiloLossNotReported(this ILogger logger, string silo, Exception error);

    [LoggerMessage(4004, LogLevel.Information, "Slots: {Slots}. Store: {Store}. Address: {Address}. Metrics: {Metrics}/metrics.")]
    public static partial void Starting(this ILogger logger, int slots, string store, string address, string metrics);

    [LoggerMessage(4005, LogLevel.Information, "The Orleans dashboard is at {Address}/dashboard/.")]
    public static partial void DashboardServed(this ILogger logger, string address);

    [LoggerMessage(4006, LogLevel.Warning, "The node cannot use the store, and tries again every second: {Trouble}")]
    public static partial void StoreFails(this ILogger logger, string trouble);

    [LoggerMessage(4007, LogLevel.Information, "The store accepts writes again.")]
    public static partial void StoreWorks(this ILogger logger);
}
