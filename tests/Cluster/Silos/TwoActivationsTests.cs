using Cluster.Harness;
using Sweeps.Core;
using Tests.Shared;

namespace Cluster.Silos;

/// <summary>
/// Orleans guarantees a single activation of a coordinator grain only within a cluster, and not during every failure. Two clusters on one
/// store have two coordinators for the whole sweep, each with a node that requests work.
/// </summary>
public sealed class TwoActivationsTests : IDisposable
{
    private const string Metric = "val_loss";

    private readonly Samples samples = new();

    public void Dispose() => samples.Dispose();

    [PostgresFact]
    public async Task Of_two_activations_of_a_coordinator_one_loses_each_append_cleanly_and_the_sweep_ends_as_if_there_were_one()
    {
        var spec = samples.Halving(runs: 18, first: 9, last: 81, width: 256);
        var (undisturbed, winner) = await Embedded.RunAsync("points-abcde", spec, slots: 2, Metric);
        await using var cluster = await ClusterHarness.StartAsync(silos: 0);
        await using var stranger = new SiloNode("stranger", cluster.Postgres.ConnectionString(), 1, "--cluster-id", "stranger");

        // The silos are ready before the sweep exists, so that both find it within two seconds, however long one of them takes to start.
        await stranger.StartAsync();
        await Task.WhenAll(cluster.AddSiloAsync(), stranger.ReadyAsync());
        const string sweep = "points-abcde";
        await cluster.Log.AppendAsync(
            sweep, [new LoggedEvent(1, DateTimeOffset.UtcNow, new SweepCreated(sweep, spec, "test"))], CancellationToken.None);
        await Task.WhenAll(cluster.Silos.Append(stranger).Select(silo => silo.SawAsync($"Coordinator of sweep {sweep} activated")));
        var events = await cluster.EndedAsync(sweep);

        SweepLog.AssertNothingIsLostOrDoubled(events);
        SweepLog.AssertNobodyReportsAfterLosing(events);
        Assert.Equal(SweepLog.Measured(undisturbed), SweepLog.Measured(events));
        Assert.Equal(winner, await Embedded.StateAsync(cluster.Checkpoints, sweep, SweepLog.Winner(events, Metric)));
        var nodes = events.Facts<RunAssigned>().Select(assigned => assigned.Node).ToList();
        Assert.Contains(nodes, cluster.Silos[0].Is);
        Assert.Contains(nodes, stranger.Is);
        var told = cluster.Silos[0].Output + stranger.Output;
        Assert.Contains("another coordinator appended first; deciding again", told, StringComparison.Ordinal);
        Assert.DoesNotContain("which is a defect", told, StringComparison.Ordinal);
        Assert.DoesNotContain("could not be appended", told, StringComparison.Ordinal);
    }
}
