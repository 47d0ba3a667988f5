using Cluster.Harness;
using Sweeps.Core;
using Tests.Shared;

namespace Cluster.Network;

/// <summary>
/// A silo without a network connection reaches neither the others nor PostgreSQL, and continues to train. The majority continues without
/// it. When the connection is back, nothing that the silo did meanwhile is recorded, and it gets work again.
/// </summary>
public sealed class CutNetworkTests : IDisposable
{
    private readonly Samples samples = new();

    public void Dispose() => samples.Dispose();

    [NetworkFact]
    public Task A_silo_that_is_cut_off_is_not_believed_and_works_again_when_the_network_heals() =>
        CutAndHealAsync((silo, coordinator) => silo != coordinator);

    [NetworkFact]
    public Task The_silo_with_the_coordinator_that_is_cut_off_is_not_believed_and_works_again_when_the_network_heals() =>
        CutAndHealAsync((silo, coordinator) => silo == coordinator);

    private async Task CutAndHealAsync(Func<SiloNode, SiloNode, bool> isVictim)
    {
        const int runs = 4;
        await using var network = await VirtualNetwork.StartAsync();
        await using var cluster = await StartAsync(network);
        await Task.WhenAll(AddSiloAsync(cluster, network), AddSiloAsync(cluster, network), AddSiloAsync(cluster, network));
        // There are as many slots as runs, so the silo gets a run when it is back.
        var sweep = await cluster.SubmitAsync(samples.Endless(runs));
        var running = await cluster.UntilAsync(sweep, "all silos train", events => cluster.Silos.All(silo => events.Trains(silo)));
        var coordinator = await cluster.CoordinatorSiloAsync(sweep);
        var victim = cluster.Silos.First(silo => isVictim(silo, coordinator));
        var held = running.Facts<RunAssigned>().Last(assigned => victim.Is(assigned.Node));
        victim.Supervise();

        await network.CutAsync(victim.Machine);
        await cluster.UntilAsync(sweep, "the cut-off silo's run is lost", events => events.Facts<RunLost>()
            .Any(lost => (lost.Run, lost.Generation) == (held.Run, held.Generation)));
        await AddSiloAsync(cluster, network);
        var parted = await cluster.UntilAsync(sweep, "its run trains elsewhere", events => events.AfterLosing(held) is not null);
        await network.HealAsync(victim.Machine);
        var events = await cluster.UntilAsync(sweep, "the silo that is back trains", events => events.Skip(parted.Count).Trains(victim));

        SweepLog.AssertNothingIsLostOrDoubled(events);
        SweepLog.AssertNobodyReportsAfterLosing(events);
        await Embedded.AssertSameAsync(samples, sweep, runs, parted.AfterLosing(held)!, events);
    }

    private static async Task<ClusterHarness> StartAsync(VirtualNetwork network) =>
        await ClusterHarness.StartAsync(new ClusterClient(), await PostgresServer.StartAsync(network.Address), 0, 1, "--insecure", "true");

    private static async Task AddSiloAsync(ClusterHarness cluster, VirtualNetwork network) => await cluster.AddSiloAsync(
        store: $"{cluster.Postgres.ConnectionString()};Host={network.Address}", machine: await network.AddMachineAsync());
}
