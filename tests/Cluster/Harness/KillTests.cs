using Sweeps.Core;
using Tests.Shared;

namespace Cluster.Harness;

/// <summary>Silos and the database are killed in mid-sweep: nothing recorded is lost, nothing is counted twice, the result is the same.</summary>
public abstract class KillTests : IDisposable
{
    private const string Metric = "val_loss";

    private readonly Samples samples = new();
    private readonly ClusterEngine engine;
    private readonly int kills;

    private protected KillTests(ClusterEngine engine, int kills) => (this.engine, this.kills) = (engine, kills);

    public void Dispose()
    {
        samples.Dispose();
        GC.SuppressFinalize(this);
    }

    [PostgresFact]
    public async Task Kills_of_silos_coordinators_all_and_the_database_change_nothing_of_the_result()
    {
        var spec = samples.Halving(runs: 27, first: 9, last: 81, width: 192);
        var (undisturbed, winner) = await Embedded.RunAsync("points-abcde", spec, slots: 2, Metric);
        var total = undisturbed.Epochs().Count();
        await using var cluster = await ClusterHarness.StartAsync(engine, silos: 3);
        var sweep = await cluster.SubmitAsync(spec);

        var killer = new Killer(cluster, sweep, new Random(4));
        for (var kill = 0; kill < kills; kill++)
        {
            await cluster.RecordedAsync(sweep, total * kill / (kills + 1));
            await killer.KillAsync();
        }
        var events = await cluster.EndedAsync(sweep);

        Assert.Equal(SweepOutcome.Finished, Assert.Single(events.Facts<SweepEnded>()).Outcome);
        SweepLog.AssertNothingIsLostOrDoubled(events);
        // Every second epoch has a checkpoint, so at most two recorded ones are trained again, and a third that was not recorded.
        Assert.All(events.Facts<EpochsWasted>(), wasted => Assert.InRange(wasted.Epochs, 1, 2));
        Assert.Equal(SweepLog.Measured(undisturbed), SweepLog.Measured(events));
        Assert.Equal(SweepLog.Winner(undisturbed, Metric), SweepLog.Winner(events, Metric));
        Assert.Equal(winner, await Embedded.StateAsync(cluster.Checkpoints, sweep, SweepLog.Winner(events, Metric)));
    }
}
