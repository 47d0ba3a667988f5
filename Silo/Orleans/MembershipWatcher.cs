using Grains;
using Grains.Contracts;
using Orleans.Runtime;
using Sweeps.Core;

namespace Silo.Orleans;

/// <summary>
/// Reports a dead silo to every sweep with work, so that its runs are queued before their leases expire: the cluster detects a killed silo in about two
/// seconds, and a lease has four. Every silo reports it; the second report has no effect. The first snapshot of the membership also contains silos that died before this
/// one started. They are reported, because after a restart of the whole cluster no other silo reports them, and are not logged, because a log line would
/// state an old death as a new one.
/// </summary>
public sealed class MembershipWatcher(
    IClusterMembershipService membership, IGrainFactory grains, ILogger<MembershipWatcher> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var reported = new HashSet<SiloAddress>();
        var first = true;
        try
        {
            await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(stoppingToken))
            {
                foreach (var member in snapshot.Members.Values)
                    if (member.Status == SiloStatus.Dead && reported.Add(member.SiloAddress))
                        await ReportAsync(member.SiloAddress, isNew: !first, stoppingToken);
                first = false;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops. The exception of a background service would be logged as a failure.
        }
    }

    private async Task ReportAsync(SiloAddress silo, bool isNew, CancellationToken cancel)
    {
        var node = OrleansHost.NodeName(silo);
        try
        {
            var sweeps = await grains.GetGrain<ISweepDirectoryGrain>(ISweepDirectoryGrain.Key).Active(cancel);
            foreach (var sweep in sweeps)
                await new GrainCoordinator(grains, sweep.Sweep).SendAsync(new LoseNode(node), cancel);
            if (isNew)
                logger.SiloLost(node);
        }
        catch (Exception e)
        {
            // Catch every type, because a grain's exception may be that of its store. An exception of a background service would stop the silo.
            logger.SiloLossNotReported(node, e);
        }
    }
}
