using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Hosting;
using Sweeps.Log.Folder;
using Sweeps.Spec;
using Sweeps.Telemetry;

namespace Benchmarks;

/// <summary>
/// The coordinator without training: slots that report at once, over a folder log that is synced for every batch. <c>-- coordinator RUNS SLOTS</c>;
/// defaults 100,000 and 256. Prints what is recorded per second, how long a report waits for its verdict, and how long a start takes.
/// </summary>
internal static class CoordinatorBenchmark
{
    private const int Epochs = 10;

    public static async Task RunAsync(string[] arguments)
    {
        var runs = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 100_000;
        var slots = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 256;
        var folder = Directory.CreateTempSubdirectory("sweep-benchmark-");
        try
        {
            await MeasureAsync(new SweepHome(folder.FullName), runs, slots);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task MeasureAsync(SweepHome home, int runs, int slots)
    {
        var spec = $$"""
            name: benchmark
            method: random
            metric: {name: val_loss, goal: minimize}
            run_cap: {{runs}}
            parameters:
              learning_rate: {distribution: log_uniform_values, min: 0.0001, max: 1.0}
              epochs: {value: {{Epochs}}}
            """;
        using var metrics = new SweepMetrics();
        using (var log = new FolderLog(home, TimeProvider.System))
        {
            var context = Context(log, home, metrics);
            await SweepCoordinator.CreateAsync("benchmark", spec, "the benchmark", context, default);
            await using var coordinator = await SweepCoordinator.OpenAsync("benchmark", context, default);
            var waits = new List<double>[slots];
            var started = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, slots).Select(slot => Task.Run(async () => waits[slot] = await WorkAsync(coordinator, slot))));
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            var sorted = waits.SelectMany(wait => wait).Order().ToArray();
            Console.WriteLine($"recorded   {runs * Epochs / seconds,10:N0} epochs/s  {runs / seconds,8:N0} runs/s  ({runs:N0} runs x {Epochs} epochs, {slots} slots, {seconds:N1} s)");
            Console.WriteLine($"verdict    {sorted[sorted.Length / 2] * 1e3,10:N2} ms p50    {sorted[(int)(sorted.Length * .99)] * 1e3,8:N2} ms p99    {sorted[^1] * 1e3:N1} ms max");
        }
        await StartAsync(home, metrics, "snapshot and tail");
        File.Delete(Path.Combine(home.Folder("benchmark"), "snapshot"));
        await StartAsync(home, metrics, "whole log");
    }

    private static async Task<List<double>> WorkAsync(SweepCoordinator coordinator, int slot)
    {
        var node = $"node-{slot}";
        var waits = new List<double>();
        while (true)
        {
            var work = await coordinator.SendAsync<WorkReply>(new RequestWork(default, node, 1, []), default);
            if (work.Done)
                return waits;
            if (work.Assignments.Count == 0)
                await Task.Delay(10);
            foreach (var assignment in work.Assignments)
            {
                for (var epoch = 1; epoch <= assignment.UntilEpoch; epoch++)
                {
                    var loss = new Dictionary<string, double> { ["val_loss"] = 1.0 / (assignment.Run + epoch), ["val_accuracy"] = 0.5 };
                    var sent = Stopwatch.GetTimestamp();
                    await coordinator.SendAsync<VerdictReply>(
                        new ReportEpoch(default, node, assignment.Run, assignment.Generation, epoch, loss, 0.1), default);
                    waits.Add(Stopwatch.GetElapsedTime(sent).TotalSeconds);
                }
            }
        }
    }

    private static async Task StartAsync(SweepHome home, SweepMetrics metrics, string from)
    {
        using var log = new FolderLog(home, TimeProvider.System);
        var started = Stopwatch.GetTimestamp();
        await using var coordinator = await SweepCoordinator.OpenAsync("benchmark", Context(log, home, metrics), default);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var events = await coordinator.QueryAsync(state => state.Seq, default);
        Console.WriteLine($"start      {seconds,10:N2} s from {from} ({events:N0} events, {events / seconds:N0} events/s)");
    }

    private static CoordinatorContext Context(FolderLog log, SweepHome home, SweepMetrics metrics) => new(
        log, new FolderCheckpoints(home),
        new MachineFactory(text => SweepFile.Parse(text, "benchmark.yaml").Spec, SearchFactory.Create, new MachineOptions()),
        TimeProvider.System, metrics, NullLogger.Instance);
}
