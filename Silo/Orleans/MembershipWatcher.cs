using Grains;
using Grains.Contracts;
using Orleans.Runtime;
using Sweeps.Core;

namespace Silo.Orleans;

/// <summary>
/// Tells every sweep with work that a silo has died, which is known in about two seconds; the lease of its runs would run out in four. Every
/// silo watches; telling it twice is harmless.
/// </summary>
public sealed class MembershipWatcher(
    IClusterMembershipService membership, IGrainFactory grains, ILogger<MembershipWatcher> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var told = new HashSet<SiloAddress>();
        await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(stoppingToken))
        {
            foreach (var member in snapshot.Members.Values)
                if (member.Status == SiloStatus.Dead && told.Add(member.SiloAddress))
                    await TellAsync(member.SiloAddress, stoppingToken);
        }
    }

    private async Task TellAsync(SiloAddress silo, CancellationToken cancel)
    {
        var node = OrleansHost.NodeName(silo);
        try
        {
            var sweeps = await grains.GetGrain<ISweepDirectoryGrain>(ISweepDirectoryGrain.Key).Active(cancel);
            foreach (var sweep in sweeps)
                await new GrainCoordinator(grains, sweep.Sweep).SendAsync<Acknowledged>(new LoseNode(default, node), cancel);
            logger.SiloLost(node, sweeps.Length);
        }
        catch (Exception e)
        {
            // A grain's exception arrives as it was thrown, a store's for instance, and one that left here would end the silo.
            logger.SiloLossUntold(node, e);
        }
    }
}
