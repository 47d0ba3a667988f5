using System.Globalization;
using Sweeps.Core;
using Tests.Shared;

namespace Cluster.Harness;

/// <summary>
/// Measures what one coordinator takes in: two silos with 100 slots each whose epochs are no work, and the time to each verdict as the nodes see
/// it, after a smaller sweep for which all code was compiled. A measurement, not a test: figures are printed.
/// </summary>
internal static class Throughput
{
    private const string Verdict = "sweep_verdict_duration_seconds";
    private const int Silos = 2, Slots = 100;

    /// <summary>Runs one sweep of so many runs and epochs.</summary>
    public static async Task MeasureAsync(ClusterEngine engine, int runs, int epochs, TextWriter output)
    {
        await using var cluster = await ClusterHarness.StartAsync(engine, await PostgresServer.StartDurableAsync(), Silos, Slots);
        await RunAsync(cluster, runs: 1000, epochs: 50, "warmup-abcde");
        var before = await Latency.ReadAsync(cluster.Silos, Verdict);
        var sweep = await RunAsync(cluster, runs, epochs, "throughput-abcde");
        var verdicts = (await Latency.ReadAsync(cluster.Silos, Verdict)).Since(before);
        DateTimeOffset? first = null, last = null;
        var recorded = 0;
        await foreach (var logged in cluster.Log.ReadAsync(sweep, 0, CancellationToken.None))
        {
            if (logged.Event is not EpochRecorded)
                continue;
            (first, last) = (first ?? logged.At, logged.At);
            recorded++;
        }
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{engine.Name}: {runs,6:N0} runs x {epochs,4:N0} epochs  {recorded / (last!.Value - first!.Value).TotalSeconds,8:N0} epochs/s   verdict {verdicts.At(0.5)} p50  {verdicts.At(0.99)} p99"));
    }

    private static async Task<string> RunAsync(ClusterHarness cluster, int runs, int epochs, string sweep)
    {
        await cluster.SubmitAsync(Spec(runs, epochs), sweep);
        await cluster.UntilEndedAsync(sweep);
        return sweep;
    }

    private static string Spec(int runs, int epochs) =>
        $$"""
        name: throughput
        method: random
        run_cap: {{runs}}
        seed: 3
        epochs: {{epochs}}
        trainable: function
        function: {name: branin}
        metric: {name: value, goal: minimize}
        parameters:
          x1: {min: -5.0, max: 10.0}
          x2: {min: 0.0, max: 15.0}
        """;
}
