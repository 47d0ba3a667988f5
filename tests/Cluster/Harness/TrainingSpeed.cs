using System.Diagnostics;
using System.Globalization;
using Engine.Data;
using Engine.Formats;
using Sweeps.Core;
using Sweeps.Files;
using Sweeps.Training;

namespace Cluster.Harness;

/// <summary>
/// Compares training (Fashion-MNIST, 4 × 128, batch 64) in silos with one slot each with the engine's loop alone, alternating. It prints
/// numbers and is not a test.
/// </summary>
internal static class TrainingSpeed
{
    /// <summary>The runs per silo.</summary>
    private const int Runs = 20;

    private const int Epochs = 10;

    /// <summary>
    /// The first epochs of a silo, which are not measured: for most of a minute the runtime compiles the silo's code beside its runs.
    /// </summary>
    private const int Unmeasured = 100;

    private static string Spec(int silos) => $$"""
        name: training
        dataset: fashion-mnist
        method: random
        run_cap: {{silos * Runs}}
        seed: 2
        epochs: {{Epochs}}
        metric: {name: val_accuracy, goal: maximize}
        parameters:
          hidden_layers: {value: 4}
          hidden_size: {value: 128}
          activation: {value: sigmoid}
          optimizer: {value: nadam}
          batch_size: {value: 64}
          learning_rate: {distribution: log_uniform_values, min: 1e-4, max: 1e-2}
        """;

    /// <summary>
    /// Each round measures the loop alone, one silo, the loop again, and two silos. The loop is measured twice because the machine's speed
    /// drifts by more than the difference to measure.
    /// </summary>
    public static async Task MeasureAsync(int rounds, TextWriter output)
    {
        var spec = SweepFile.Parse(Spec(silos: 2), "training.yaml").Spec;
        var trainable = TrainableFactory.Make(
            spec, name => Datasets.Shared.Load(name, DataOptions.FromEnvironment()), file => file, TimeProvider.System);
        List<double> overheads = [], gains = [];
        // The first sweep is not measured: it gives the configurations that the loop trains.
        var (_, created) = await ClusterAsync(silos: 2);
        Alone(trainable, created);
        for (var round = 1; round <= rounds; round++)
        {
            var before = Alone(trainable, created);
            var (one, _) = await ClusterAsync(silos: 1);
            var alone = (before + Alone(trainable, created)) / 2;
            var (two, _) = await ClusterAsync(silos: 2);
            overheads.Add(alone / one - 1);
            gains.Add(two / one);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{round,3}  engine alone {alone:0.000} epochs/s   one silo {one:0.000} ({overheads[^1]:+0.0%;-0.0%} overhead)   two silos {two:0.000} ({gains[^1]:0.00} x one)"));
        }
        overheads.Sort();
        gains.Sort();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"medians: overhead {overheads[rounds / 2]:+0.0%;-0.0%}, two silos {gains[rounds / 2]:0.00} x one"));
    }

    /// <summary>
    /// Epochs per second, from the end of the unmeasured epochs of all silos to the last epoch of the first silo to finish, and the sweep's
    /// runs.
    /// </summary>
    private static async Task<(double Speed, IReadOnlyList<RunCreated> Created)> ClusterAsync(int silos)
    {
        await using var cluster = await ClusterHarness.StartAsync(silos);
        await Throughput.WarmUpAsync(cluster, runs: 200);
        var sweep = await cluster.SubmitAsync(Spec(silos), "training-abcde");
        await cluster.UntilEndedAsync(sweep);
        var events = await cluster.EventsAsync(sweep);
        var nodes = events.Facts<RunAssigned>().ToDictionary(assigned => (assigned.Run, assigned.Generation), assigned => assigned.Node);
        var byNode = events.Where(logged => logged.Event is EpochRecorded)
            .ToLookup(logged => nodes[(((EpochRecorded)logged.Event).Run, ((EpochRecorded)logged.Event).Generation)], logged => logged.At);
        var from = byNode.Max(node => node.ElementAt(Unmeasured - 1));
        var to = byNode.Min(node => node.Last());
        return (byNode.Sum(node => node.Count(at => at > from && at <= to)) / (to - from).TotalSeconds, [.. events.Facts<RunCreated>()]);
    }

    /// <summary>Epochs per second of the engine's loop, on the runs that one silo trains.</summary>
    private static double Alone(ITrainable trainable, IReadOnlyList<RunCreated> runs)
    {
        const int Skipped = Unmeasured / Epochs;
        var started = Stopwatch.GetTimestamp();
        foreach (var run in runs.Skip(Skipped).Take(Runs - Skipped))
        {
            using var session = trainable.Start(run.Configuration, run.Seed);
            for (var epoch = 0; epoch < Epochs; epoch++)
                session.TrainEpoch(CancellationToken.None);
        }
        return (Runs - Skipped) * Epochs / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
