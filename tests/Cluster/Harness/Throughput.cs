using System.Globalization;
using Sweeps.Core;
using Tests.Shared;

namespace Cluster.Harness;

/// <summary>
/// Measures the throughput of one coordinator with two silos of 100 slots each and epochs without work, and the time to each verdict as
/// seen by the nodes. A smaller sweep before it lets the runtime compile the code. It prints numbers and is not a test.
/// </summary>
internal static class Throughput
{
    private const string Verdict = "sweep_verdict_duration_seconds";
    private const int Silos = 2, Slots = 100;

    /// <summary>Runs one sweep. Every epoch takes at least <paramref name="pace"/>, which limits the load.</summary>
    public static async Task MeasureAsync(int runs, int epochs, TimeSpan pace, TextWriter output)
    {
        await using var cluster = await ClusterHarness.StartAsync(new ClusterClient(), await PostgresServer.StartDurableAsync(), Silos, Slots);
        await WarmUpAsync(cluster, runs: 1000);
        var before = await Latency.ReadAsync(cluster.Silos, Verdict);
        var sweep = await RunAsync(cluster, Spec(runs, epochs, pace), "throughput-abcde");
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
        var offered = pace > TimeSpan.Zero ? $", {Silos * Slots / pace.TotalSeconds:N0} offered" : "";
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{runs,6:N0} runs x {epochs,4:N0} epochs  {recorded / (last!.Value - first!.Value).TotalSeconds,8:N0} epochs/s{offered}   verdict {verdicts.At(0.5)} p50  {verdicts.At(0.99)} p99, {verdicts.Above(0.05):0.00%} above 50 ms"));
    }

    /// <summary>Runs a sweep without work, so that all code except the engine's is compiled.</summary>
    public static Task WarmUpAsync(ClusterHarness cluster, int runs) => RunAsync(cluster, Spec(runs, 50, TimeSpan.Zero), "warmup-abcde");

    private static async Task<string> RunAsync(ClusterHarness cluster, string spec, string sweep)
    {
        await cluster.SubmitAsync(spec, sweep);
        await cluster.UntilEndedAsync(sweep);
        return sweep;
    }

    private static string Spec(int runs, int epochs, TimeSpan pace) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        name: throughput
        method: random
        run_cap: {{runs}}
        seed: 3
        epochs: {{epochs}}
        trainable: function
        function: {name: branin{{(pace > TimeSpan.Zero ? $", pace: {pace.TotalSeconds}" : "")}}}
        metric: {name: value, goal: minimize}
        parameters:
          x1: {min: -5.0, max: 10.0}
          x2: {min: 0.0, max: 15.0}
        """);
}
