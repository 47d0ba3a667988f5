using Cluster.Harness;
using Sweeps.Core;
using Tests.Shared;

namespace Cluster.Network;

/// <summary>
/// A silo whose cable is pulled reaches neither the others nor PostgreSQL, and trains on without knowing. The majority goes on without it; when
/// the cable is back nothing it did meanwhile counts, and it works again.
/// </summary>
public abstract class CutNetworkTests : IDisposable
{
    private const string Metric = "val_loss";

    private readonly Samples samples = new();
    private readonly ClusterEngine engine;

    private protected CutNetworkTests(ClusterEngine engine) => this.engine = engine;

    public void Dispose()
    {
        samples.Dispose();
        GC.SuppressFinalize(this);
    }

    [NetworkFact]
    public Task A_silo_that_is_cut_off_is_not_believed_and_works_again_when_the_network_heals() =>
        CutAndHealAsync((silo, coordinator) => silo != coordinator);

    [NetworkFact]
    public Task The_silo_with_the_coordinator_that_is_cut_off_is_not_believed_and_works_again_when_the_network_heals() =>
        CutAndHealAsync((silo, coordinator) => silo == coordinator);

    private async Task CutAndHealAsync(Func<SiloNode, SiloNode, bool> isVictim)
    {
        // Synchronous: the first rung waits for the run of the silo that is cut off, so the sweep cannot end before that is taken over.
        var spec = samples.Halving(runs: 9, first: 27, last: 81, width: 256);
        var (undisturbed, winner) = await Embedded.RunAsync("points-abcde", spec, slots: 2, Metric);
        await using var network = await VirtualNetwork.StartAsync();
        await using var cluster = await StartAsync(network, silos: 3);
        var sweep = await cluster.SubmitAsync(spec);
        await cluster.UntilAsync(sweep, "all silos train", events => Training(cluster, events) == 3);
        var coordinator = await cluster.CoordinatorSiloAsync(sweep);
        var victim = cluster.Silos.First(silo => isVictim(silo, coordinator));
        victim.Supervise();

        await network.CutAsync(victim.Machine);
        var parted = await cluster.UntilAsync(sweep, "the cut-off silo's run is lost", events => LostBy(victim, events).Any());
        var lost = LostBy(victim, parted).First();
        await cluster.UntilAsync(sweep, "its run trains elsewhere", events => events.Epochs().Any(
            epoch => epoch.Run == lost.Run && epoch.Generation > lost.Generation));
        await network.HealAsync(victim.Machine);
        var events = await cluster.EndedAsync(sweep);
        // As many runs as slots: they train only if all silos do.
        var next = await cluster.SubmitAsync(samples.Endless(runs: 3), "endless-abcde");
        await cluster.UntilAsync(next, "the silo that is back trains beside the others", events => Training(cluster, events) == 3);

        SweepLog.AssertNothingIsLostOrDoubled(events);
        SweepLog.AssertNobodyReportsAfterLosing(events);
        Assert.Equal(SweepLog.Measured(undisturbed), SweepLog.Measured(events));
        Assert.Equal(winner, await Embedded.StateAsync(cluster.Checkpoints, sweep, SweepLog.Winner(events, Metric)));
    }

    private async Task<ClusterHarness> StartAsync(VirtualNetwork network, int silos)
    {
        var cluster = await ClusterHarness.StartAsync(engine, await PostgresServer.StartAsync(network.Address), 0, 1, "--insecure", "true");
        var store = $"{cluster.Postgres.ConnectionString()};Host={network.Address}";
        await Task.WhenAll(Enumerable.Range(0, silos).Select(async _ => await cluster.AddSiloAsync(1, store, await network.AddMachineAsync())));
        return cluster;
    }

    /// <summary>How many silos have trained an epoch.</summary>
    private static int Training(ClusterHarness cluster, IReadOnlyList<LoggedEvent> events)
    {
        var trained = events.Epochs().Select(epoch => (epoch.Run, epoch.Generation)).ToHashSet();
        return cluster.Silos.Count(silo => events.Facts<RunAssigned>()
            .Any(assigned => silo.Is(assigned.Node) && trained.Contains((assigned.Run, assigned.Generation))));
    }

    private static IEnumerable<RunLost> LostBy(SiloNode silo, IReadOnlyList<LoggedEvent> events) => events.Facts<RunLost>().Where(
        lost => events.Facts<RunAssigned>().Any(assigned => (assigned.Run, assigned.Generation) == (lost.Run, lost.Generation) && silo.Is(assigned.Node)));
}
