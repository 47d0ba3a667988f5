using Grains;
using Grains.Contracts;
using Orleans.Runtime;
using Sweeps.Core;

namespace Silo.Orleans;

/// <summary>
/// Reports the death of a silo to every sweep with work: the membership knows it in about two seconds, while the leases of the silo's runs expire after
/// four. Every silo reports it; repetition has no effect.
/// </summary>
public sealed class MembershipWatcher(
    IClusterMembershipService membership, IGrainFactory grains, ILogger<MembershipWatcher> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var reported = new HashSet<SiloAddress>();
        await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(stoppingToken))
        {
            foreach (var member in snapshot.Members.Values)
                if (member.Status == SiloStatus.Dead && reported.Add(member.SiloAddress))
                    await ReportAsync(member.SiloAddress, stoppingToken);
        }
    }

    private async Task ReportAsync(SiloAddress silo, CancellationToken cancel)
    {
        var node = OrleansHost.NodeName(silo);
        try
        {
            var sweeps = await grains.GetGrain<ISweepDirectoryGrain>(ISweepDirectoryGrain.Key).Active(cancel);
            foreach (var sweep in sweeps)
                await new GrainCoordinator(grains, sweep.Sweep).SendAsync(new LoseNode(node), cancel);
            logger.SiloLost(node, sweeps.Length);
        }
        catch (Exception e)
        {
            // A grain's exception arrives with its own type, for example that of its store. If it left this method, the host would stop the silo.
            logger.SiloLossNotReported(node, e);
        }
    }
}
