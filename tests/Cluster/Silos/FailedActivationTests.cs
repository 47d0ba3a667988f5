using Cluster.Harness;
using Sweeps.Core;
using Tests.Shared;

namespace Cluster.Silos;

/// <summary>An activation that fails in the middle, because a part of the database is not available.</summary>
public sealed class FailedActivationTests
{
    /// <summary>Epochs take longer than a lease (4 s), so a coordinator without heartbeats would report their runs as lost.</summary>
    private const string Slow = """
        method: random
        run_cap: 2
        seed: 3
        epochs: 9
        trainable: function
        function: {name: branin, pace: 6s}
        metric: {name: value, goal: minimize}
        parameters:
          x1: {min: -5.0, max: 10.0}
          x2: {min: 0.0, max: 15.0}
        """;

    [PostgresFact]
    public async Task A_coordinator_whose_activation_failed_decides_nothing_afterwards()
    {
        await using var cluster = await ClusterHarness.StartAsync(silos: 2);
        var sweep = await cluster.SubmitAsync(Slow);
        var begun = await cluster.UntilAsync(sweep, "both runs are assigned", events => events.Facts<RunAssigned>().Count() == 2);
        var coordinator = await cluster.CoordinatorSiloAsync(sweep);
        var other = cluster.Silos.Single(silo => silo != coordinator);
        var held = begun.Facts<RunAssigned>().Single(assigned => other.Is(assigned.Node));

        await cluster.ExecuteAsync("ALTER TABLE cluster_reminder RENAME TO away");
        await coordinator.KillAsync();
        await other.SawAsync("Error thrown from OnActivateAsync");
        await cluster.ExecuteAsync("ALTER TABLE away RENAME TO cluster_reminder");
        await other.SawAsync($"Coordinator of sweep {sweep} activated");
        var events = await cluster.UntilAsync(
            sweep, "two epochs of the other silo's run are recorded", logged => logged.Epochs().Count(epoch => epoch.Run == held.Run) >= 2);

        Assert.DoesNotContain(events.Facts<RunLost>(), lost => lost.Run == held.Run);
    }
}
