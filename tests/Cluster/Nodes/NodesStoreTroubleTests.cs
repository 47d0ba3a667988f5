using Cluster.Harness;
using Sweeps.Core;
using Tests.Shared;

namespace Cluster.Nodes;

/// <summary>With PostgreSQL alone.</summary>
public sealed class NodesStoreTroubleTests() : StoreTroubleTests(new PostgresNodes())
{
    [PostgresFact]
    public async Task A_node_that_never_appends_again_since_it_has_lost_the_lead_is_ready_when_the_store_is_back()
    {
        using var samples = new Samples();
        await using var cluster = await ClusterHarness.StartAsync(new PostgresNodes(), silos: 2);
        var sweep = await cluster.SubmitAsync(samples.Endless(runs: 1));
        var training = cluster.SiloOf((await cluster.RecordedAsync(sweep, 1)).Facts<RunAssigned>().Single());
        var idle = cluster.Silos.Single(silo => silo != training);

        // The silo without a run leads, cannot write, and is followed by the one that trains: nothing is left that it could append.
        await LeadAsync(cluster, sweep, idle);
        await cluster.RefuseAsync("sweep_event", from: idle);
        await idle.NotReadyAsync("the store refuses writes");
        await LeadAsync(cluster, sweep, training);
        await cluster.RecordedAsync(sweep, (await cluster.EventsAsync(sweep)).Epochs().Count() + 3);
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, (await idle.HealthAsync("ready")).Status);
        await cluster.AcceptAsync("sweep_event");

        await idle.ReadyAsync();
        SweepLog.AssertNothingIsLostOrDoubled(await cluster.EventsAsync(sweep));
    }

    private static async Task LeadAsync(ClusterHarness cluster, string sweep, SiloNode silo)
    {
        await using var node = cluster.Database.CreateCommand($"SELECT node FROM sweep_node WHERE node LIKE '%-{silo.ProcessId}'");
        var leader = (string)(await node.ExecuteScalarAsync())!;
        var led = $"Sweep {sweep}: the node {leader} leads it now.";
        if (await cluster.CoordinatorSiloAsync(sweep) == silo)
            return;
        await cluster.ExecuteAsync($"UPDATE sweep_leader SET node = '{leader}', until = now() + interval '1 hour'");
        await silo.SawAsync(led);
    }
}
