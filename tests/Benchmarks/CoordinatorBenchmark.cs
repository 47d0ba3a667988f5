using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Sweeps.Coordination;
using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Files;
using Sweeps.Log.Folder;
using Sweeps.Telemetry;

namespace Benchmarks;

/// <summary>
/// Measures the coordinator without training: slots report immediately, and every batch of the folder log is synced to disk. <c>--
/// coordinator RUNS SLOTS</c>; defaults 100,000 and 256. Prints the recorded epochs per second and the durations of a decision, an append,
/// the wait for a verdict and a start, each beside its target. <see cref="MachineBenchmark"/> measures the size of the state.
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

    /// <summary>Runs per second on one slot: one epoch each, without work, every answer synced to disk.</summary>
    public static Task<double> RunsPerSecondAsync(int runs) => WithCoordinatorAsync(Spec(runs, epochs: 1), async coordinator =>
    {
        var started = Stopwatch.GetTimestamp();
        await WorkAsync(coordinator, 0);
        return runs / Stopwatch.GetElapsedTime(started).TotalSeconds;
    });

    /// <summary>
    /// The seconds until all of <paramref name="slots"/> concurrent requests to a Gaussian process with <paramref name="results"/> results
    /// are answered, and the longest wait of another command meanwhile.
    /// </summary>
    public static Task<(double All, double Longest)> AskModelAsync(int results, int slots) => WithCoordinatorAsync(ModelSpec(results + slots), async coordinator =>
    {
        for (var run = 0; run < results; run++)
        {
            var work = await coordinator.SendAsync(new RequestWork("node", 1, []), default);
            await coordinator.SendAsync(new ReportEpoch("node", run, work.Assignments[0].Generation, 1, new Dictionary<string, double> { ["val_loss"] = run * 37 % 101 }, 0.1), default);
        }
        var started = Stopwatch.GetTimestamp();
        var asking = Task.WhenAll(Enumerable.Range(0, slots).Select(slot => coordinator.SendAsync(new RequestWork($"slot-{slot}", 1, []), default)));
        var longest = TimeSpan.Zero;
        while (!asking.IsCompleted)
        {
            var sent = Stopwatch.GetTimestamp();
            await coordinator.SendAsync(new RequestWork("busy", 0, []), default);
            longest = TimeSpan.FromTicks(Math.Max(longest.Ticks, Stopwatch.GetElapsedTime(sent).Ticks));
            await Task.Delay(1);
        }
        return ((await asking).Sum(reply => reply.Assignments.Count) == slots ? Stopwatch.GetElapsedTime(started).TotalSeconds : double.NaN, longest.TotalSeconds);
    });

    private static async Task<T> WithCoordinatorAsync<T>(string spec, Func<SweepCoordinator, Task<T>> measure)
    {
        var folder = Directory.CreateTempSubdirectory("sweep-benchmark-");
        try
        {
            using var metrics = new SweepMetrics();
            var home = new SweepHome(folder.FullName);
            using var log = new FolderLog(home, TimeProvider.System);
            var context = Context(log, home, metrics);
            await SweepCoordinator.CreateAsync("benchmark", spec, "the benchmark", context, default);
            await using var coordinator = await SweepCoordinator.OpenAsync("benchmark", context, default);
            return await measure(coordinator);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string ModelSpec(int runs) => $$"""
        name: benchmark
        method: bayes
        metric: {name: val_loss, goal: minimize}
        run_cap: {{runs}}
        parameters:
          {{string.Join("\n  ", Enumerable.Range(1, 6).Select(i => $"x{i}: {{min: 0.0, max: 1.0}}"))}}
          epochs: {value: 1}
        """;

    private static string Spec(int runs, int epochs) => $$"""
        name: benchmark
        method: random
        metric: {name: val_loss, goal: minimize}
        run_cap: {{runs}}
        parameters:
          learning_rate: {distribution: log_uniform_values, min: 0.0001, max: 1.0}
          epochs: {value: {{epochs}}}
        """;

    private static async Task MeasureAsync(SweepHome home, int runs, int slots)
    {
        Console.WriteLine($"{runs:N0} runs x {Epochs} epochs without work, {slots} slots, every answer after its events are synced to disk.");
        Console.WriteLine("| | measured | target |");
        Console.WriteLine("|---|---|---|");
        using var metrics = new SweepMetrics();
        using (var log = new FolderLog(home, TimeProvider.System))
        {
            using var decisions = new Durations("sweep.decision.duration");
            using var appends = new Durations("sweep.append.duration");
            var context = Context(log, home, metrics);
            await SweepCoordinator.CreateAsync("benchmark", Spec(runs, Epochs), "the benchmark", context, default);
            await using var coordinator = await SweepCoordinator.OpenAsync("benchmark", context, default);
            var verdicts = new List<(long At, double Wait)>[slots];
            var started = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, slots).Select(slot => Task.Run(async () => verdicts[slot] = await WorkAsync(coordinator, slot))));
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            var ends = verdicts.SelectMany(list => list.Select(verdict => verdict.At)).Order().ToArray();
            var tenth = ends.Length / 10;
            double Rate(long from, long to) => tenth / Stopwatch.GetElapsedTime(from, to).TotalSeconds;
            Row("recorded", $"{runs * Epochs / seconds:N0} epochs/s, {runs / seconds:N0} runs/s", "20,000 epochs/s, 2,000 runs/s");
            Row("first and last tenth", $"{Rate(started, ends[tenth - 1]):N0} and {Rate(ends[^(tenth + 1)], ends[^1]):N0} epochs/s", "flat");
            Row("decision", Durations.InWords(decisions.Seconds), "p99 under 1 ms");
            Row("append, synced", Durations.InWords(appends.Seconds), "");
            Row("verdict: the decisions before it, and the append of all of them", Durations.InWords(verdicts.SelectMany(list => list.Select(verdict => verdict.Wait))), "");
        }
        await StartAsync(home, metrics, "snapshot and tail");
        File.Delete(Path.Combine(home.Folder("benchmark"), "snapshot"));
        await StartAsync(home, metrics, "the whole log");
    }

    private static void Row(string what, FormattableString measured, string target) => Row(what, FormattableString.Invariant(measured), target);

    private static void Row(string what, string measured, string target) => Console.WriteLine($"| {what} | {measured} | {target} |");

    private static async Task<List<(long At, double Wait)>> WorkAsync(SweepCoordinator coordinator, int slot)
    {
        var node = $"node-{slot}";
        var verdicts = new List<(long At, double Wait)>();
        while (true)
        {
            var work = await coordinator.SendAsync(new RequestWork(node, 1, []), default);
            if (work.Done)
                return verdicts;
            if (work.Assignments.Count == 0)
                await Task.Delay(10);
            foreach (var assignment in work.Assignments)
            {
                for (var epoch = 1; epoch <= assignment.UntilEpoch; epoch++)
                {
                    var loss = new Dictionary<string, double> { ["val_loss"] = 1.0 / (assignment.Run + epoch), ["val_accuracy"] = 0.5 };
                    var sent = Stopwatch.GetTimestamp();
                    await coordinator.SendAsync(
                        new ReportEpoch(node, assignment.Run, assignment.Generation, epoch, loss, 0.1), default);
                    verdicts.Add((Stopwatch.GetTimestamp(), Stopwatch.GetElapsedTime(sent).TotalSeconds));
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
        Row($"start from {from}", $"{seconds:N2} s ({events:N0} events)", "under 5 s");
    }

    private static CoordinatorContext Context(FolderLog log, SweepHome home, SweepMetrics metrics) => new(
        log, new FolderCheckpoints(home),
        new MachineFactory(text => SweepFile.Parse(text, "benchmark.yaml").Spec, SearchFactory.Create, new MachineOptions()),
        TimeProvider.System, metrics, NullLogger.Instance);
}
