using Silo.Health;
using Sweeps.Hosting;

namespace Silo;

/// <summary>
/// Runs the node's worker as long as the process serves. Registered after Orleans, so that it stops first: the slots are drained while the
/// silo is still a member of its cluster.
/// </summary>
internal sealed class NodeService(NodeWorker node, NodeHealth health, DrainSignal drain, ILogger<NodeService> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var onStop = stoppingToken.Register(drain.Request);
        using var onDrain = drain.Token.Register(health.Draining);
        health.Joined();
        logger.NodeStarted(node.Node);
        await node.RunAsync(drain.Token);
        logger.NodeDrained(node.Node);
    }
}

/// <summary>Set once, when the node is to ask for no more work: by SIGTERM, a hook, or a person.</summary>
public sealed class DrainSignal : IDisposable
{
    private readonly CancellationTokenSource source = new();

    /// <summary>Cancelled when draining begins.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>Begins to drain. May be repeated.</summary>
    public void Request() => source.Cancel();

    /// <inheritdoc/>
    public void Dispose() => source.Dispose();
}
