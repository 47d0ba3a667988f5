namespace Silo;

/// <summary>Log messages of a silo, event ids 4000–4099.</summary>
internal static partial class SiloLog
{
    [LoggerMessage(4000, LogLevel.Information, "Node {Node} asks for work.")]
    public static partial void NodeStarted(this ILogger logger, string node);

    [LoggerMessage(4001, LogLevel.Information, "Node {Node} has drained: its runs were given back.")]
    public static partial void NodeDrained(this ILogger logger, string node);

    [LoggerMessage(4002, LogLevel.Information, "Silo {Silo} is dead; its runs are queued again in {Sweeps} sweeps.")]
    public static partial void SiloLost(this ILogger logger, string silo, int sweeps);

    [LoggerMessage(4003, LogLevel.Warning, "The runs of dead silo {Silo} could not be queued at once; they are queued when their leases expire.")]
    public static partial void SiloLossNotReported(this ILogger logger, string silo, Exception error);

    [LoggerMessage(4004, LogLevel.Information, "Slots: {Slots}. Store: {Store}. Address: {Address}. Metrics: {Metrics}/metrics.")]
    public static partial void Starting(this ILogger logger, int slots, string store, string address, string metrics);

    [LoggerMessage(4005, LogLevel.Information, "The Orleans dashboard is at {Address}/dashboard/.")]
    public static partial void DashboardServed(this ILogger logger, string address);
}
