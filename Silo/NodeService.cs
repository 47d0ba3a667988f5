using Silo.Health;
using Sweeps.Nodes;

namespace Silo;

/// <summary>
/// Runs the node's worker as long as the process serves. Registered after Orleans, so that it stops first: the slots are drained while the
/// silo is still a member of its cluster.
/// </summary>
internal sealed class NodeService(NodeWorker worker, NodeHealth health, NodeDrain drain, ILogger<NodeService> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        drain.Changed += ShowDrain;
        health.Joined();
        logger.NodeStarted(worker.Node);
        await worker.RunAsync(stoppingToken);
        logger.NodeDrained(worker.Node);
    }

    private void ShowDrain() => health.Draining(drain.On);
}
