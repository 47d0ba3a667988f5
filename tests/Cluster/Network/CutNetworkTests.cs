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
        await using var network = await VirtualNetwork.StartAsync();
        await using var cluster = await StartAsync(network);
        await Task.WhenAll(AddSiloAsync(cluster, network), AddSiloAsync(cluster, network), AddSiloAsync(cluster, network));
        var sweep = await cluster.SubmitAsync(samples.Endless(runs: 3));
        await cluster.UntilAsync(sweep, "all silos train", events => cluster.Silos.All(silo => Trains(silo, events)));
        var coordinator = await cluster.CoordinatorSiloAsync(sweep);
        var victim = cluster.Silos.First(silo => isVictim(silo, coordinator));
        victim.Supervise();

        await network.CutAsync(victim.Machine);
        await AddSiloAsync(cluster, network);
        var parted = await cluster.UntilAsync(sweep, "the cut-off silo's run trains elsewhere", events => Continued(victim, events) is not null);
        await network.HealAsync(victim.Machine);
        // The others are full: this run can only train on the silo that is back, when it has let go of the one it held.
        var next = await cluster.SubmitAsync(samples.Endless(runs: 1), "next-abcde");
        await cluster.UntilAsync(next, "the silo that is back trains", events => Trains(victim, events));

        var events = await cluster.EventsAsync(sweep);
        SweepLog.AssertNothingIsLostOrDoubled(events);
        SweepLog.AssertNobodyReportsAfterLosing(events);
        var crossing = Continued(victim, parted)!;
        var (undisturbed, _) = await Embedded.RunAsync(sweep, samples.Endless(runs: 3, epochs: crossing.Epoch), slots: 2, "val_loss");
        Assert.Equal(UntilCrossing(undisturbed), UntilCrossing(events));

        IReadOnlyDictionary<(int, int), string> UntilCrossing(IReadOnlyList<LoggedEvent> all) => SweepLog.Measured(all.Where(
            logged => logged.Event is EpochRecorded epoch && epoch.Run == crossing.Run && epoch.Epoch <= crossing.Epoch));
    }

    private async Task<ClusterHarness> StartAsync(VirtualNetwork network) =>
        await ClusterHarness.StartAsync(engine, await PostgresServer.StartAsync(network.Address), 0, 1, "--insecure", "true");

    private static async Task AddSiloAsync(ClusterHarness cluster, VirtualNetwork network) => await cluster.AddSiloAsync(
        store: $"{cluster.Postgres.ConnectionString()};Host={network.Address}", machine: await network.AddMachineAsync());

    /// <summary>Whether an epoch was recorded under an assignment to a silo.</summary>
    private static bool Trains(SiloNode silo, IReadOnlyList<LoggedEvent> events) => events.Facts<RunAssigned>().Any(
        assigned => silo.Is(assigned.Node) && events.Epochs().Any(epoch => (epoch.Run, epoch.Generation) == (assigned.Run, assigned.Generation)));

    /// <summary>The first epoch that another silo recorded of a run that this one lost.</summary>
    private static EpochRecorded? Continued(SiloNode silo, IReadOnlyList<LoggedEvent> events) => LostBy(silo, events)
        .Select(lost => events.Epochs().FirstOrDefault(epoch => epoch.Run == lost.Run && epoch.Generation > lost.Generation))
        .FirstOrDefault(epoch => epoch is not null);

    private static IEnumerable<RunLost> LostBy(SiloNode silo, IReadOnlyList<LoggedEvent> events) => events.Facts<RunLost>().Where(
        lost => events.Facts<RunAssigned>().Any(assigned => (assigned.Run, assigned.Generation) == (lost.Run, lost.Generation) && silo.Is(assigned.Node)));
}
