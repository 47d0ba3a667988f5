using Sweeps.Core;
using Sweeps.Embedded;
using Sweeps.Log;
using Sweeps.Log.Folder;
using Sweeps.Runs;
using Sweeps.Telemetry;
using Sweeps.Training;
using Tests.Shared;

namespace Cluster.Harness;

/// <summary>A sweep on one machine without failures: the result that every cluster must reproduce.</summary>
internal static class Embedded
{
    /// <summary>Runs a sweep in this process. Returns its log and the training state of its best run.</summary>
    public static async Task<(IReadOnlyList<LoggedEvent> Events, byte[] Winner)> RunAsync(string sweep, string spec, int slots, string metric)
    {
        using var folder = new TemporaryFolder();
        using var metrics = new SweepMetrics();
        var options = new EmbeddedOptions
        {
            Home = new SweepHome(folder.Path),
            MakeTrainable = read => TrainableFactory.Make(
                read, name => Engine.Formats.Datasets.Shared.Load(name, new Engine.Data.DataOptions()), file => file, TimeProvider.System),
            Slots = slots,
            Metrics = metrics,
        };
        await using var embedded = await EmbeddedSweep.CreateAsync(options, sweep, spec, "test", CancellationToken.None);
        Assert.Equal(SweepOutcome.Finished, await embedded.RunAsync(CancellationToken.None));
        var events = await embedded.Coordinator.EventsAsync(0, int.MaxValue, CancellationToken.None);
        return (events, await StateAsync(new FolderCheckpoints(options.Home), sweep, SweepLog.Winner(events, metric)));
    }

    /// <summary>
    /// Asserts that the runs of <see cref="Samples.Endless"/> have the same metrics up to an epoch as without a change of silo.
    /// </summary>
    public static async Task AssertSameAsync(Samples samples, string sweep, int runs, EpochRecorded until, IReadOnlyList<LoggedEvent> events)
    {
        var (undisturbed, _) = await RunAsync(sweep, samples.Endless(runs, until.Epoch), slots: 2, "val_loss");
        Assert.Equal(Measured(undisturbed), Measured(events));

        IReadOnlyDictionary<(int, int), string> Measured(IReadOnlyList<LoggedEvent> all) => SweepLog.Measured(
            all.Where(logged => logged.Event is EpochRecorded epoch && epoch.Run == until.Run && epoch.Epoch <= until.Epoch));
    }

    /// <summary>The training state in a run's newest checkpoint (weights, moments, random state), without its writer and time.</summary>
    public static async Task<byte[]> StateAsync(ICheckpointStore store, string sweep, int run)
    {
        var checkpoint = await store.LoadAsync(sweep, run, CancellationToken.None);
        return RunCheckpoint.Decode(Assert.IsType<StoredCheckpoint>(checkpoint).Data).State.ToArray();
    }
}
