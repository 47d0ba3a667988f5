using Sweeps.Core;
using Tests.Shared;

namespace Cluster.Harness;

/// <summary>Silos and the database are killed during a sweep: no recorded event is lost or doubled, and the result is the same.</summary>
public sealed class KillTests : IDisposable
{
    private const string Metric = "val_loss";
    private const int Kills = 50;

    private readonly Samples samples = new();

    public void Dispose() => samples.Dispose();

    [PostgresFact]
    public async Task Kills_of_silos_coordinators_all_and_the_database_change_nothing_of_the_result()
    {
        var spec = samples.Halving(runs: 27, first: 9, last: 81, width: 192);
        var (undisturbed, winner) = await Embedded.RunAsync("points-abcde", spec, slots: 2, Metric);
        var total = undisturbed.Epochs().Count();
        await using var cluster = await ClusterHarness.StartAsync(silos: 3);
        var sweep = await cluster.SubmitAsync(spec);

        var killer = new Killer(cluster, sweep, new Random(4));
        for (var kill = 0; kill < Kills; kill++)
        {
            await cluster.RecordedAsync(sweep, total * kill / (Kills + 1));
            await killer.KillAsync();
        }
        var events = await cluster.EndedAsync(sweep);

        Assert.Equal(SweepOutcome.Finished, Assert.Single(events.Facts<SweepEnded>()).Outcome);
        SweepLog.AssertNothingIsLostOrDoubled(events);
        // Every second epoch has a checkpoint, so at most two recorded epochs are trained again, and a third that was not recorded.
        Assert.All(events.Facts<EpochsWasted>(), wasted => Assert.InRange(wasted.Epochs, 1, 2));
        Assert.Equal(SweepLog.Measured(undisturbed), SweepLog.Measured(events));
        Assert.Equal(SweepLog.Winner(undisturbed, Metric), SweepLog.Winner(events, Metric));
        Assert.Equal(winner, await Embedded.StateAsync(cluster.Checkpoints, sweep, SweepLog.Winner(events, Metric)));
    }
}
