using System.Diagnostics;
using System.Globalization;
using Sweeps.Core;
using Sweeps.Core.Rules;
using Sweeps.Core.Search;
using Sweeps.Core.Search.Bayes;
using Sweeps.Core.Search.Tpe;
using Sweeps.Training.Functions;

namespace Benchmarks;

/// <summary>
/// Measures the time of a proposal and of a decision, beside Optuna's if a Python has it. Rounds alternate, so that other load affects
/// both. Prints medians over rounds and the ratio of the medians.
/// </summary>
internal static class SearchSpeed
{
    private const int Rounds = 3;

    /// <summary>The epochs of a run in the rows about early stopping. Must equal the number in peers/optuna_peer.py.</summary>
    private const int Epochs = 27;

    public static void Run()
    {
        using var optuna = OptunaPeer.Start();
        Console.WriteLine(optuna is null
            ? "SKIPPED: there is no python3 that can import optuna (PYTHONPATH) to compare with."
            : $"Optuna {optuna.Version}, medians of {Rounds} rounds in alternation.");
        Console.WriteLine("| | ours | Optuna | ratio |");
        Console.WriteLine("|---|---:|---:|---:|");
        Row("random, and so the one-epoch baseline, 6 numbers", "ms", () => Propose("hartmann6", 1000, 40, space => new SequenceSearch(space, [], new RandomSequence(1))), null, "");
        foreach (var (space, function) in new[] { ("numbers", "hartmann6"), ("mixed", "mixed") })
            foreach (var count in new[] { 1000, 10_000 })
                Row($"TPE, {space}, {count:N0} results", "ms", () => Propose(function, count, 40, space => new TpeSearch(space, [], 1)), optuna, $"suggest {space} {count} 10");
        Row("runs without work, in memory", "runs/s", () => Decide([], 1, 2000, reports: false), optuna, "trials memory 2000");
        Row("runs without work, in a synced file", "runs/s", () => CoordinatorBenchmark.RunsPerSecondAsync(300).GetAwaiter().GetResult(), optuna, "trials journal 300");
        Row("ASHA by stopping, 1,000 runs", "decisions/s", () => Decide([new AshaStoppingSpec(1, Epochs, 3, AshaComparison.Optuna)], Epochs, 1000), optuna, "prune asha 1000");
        Row("Hyperband, 1,000 runs", "decisions/s", () => Decide([new SuccessiveHalvingSpec(1, Epochs, 3, AllBrackets: true)], Epochs, 1000), optuna, "prune hyperband 1000");
        foreach (var function in new[] { "hartmann6", "mixed" })
        {
            new Study(FunctionRegistry.Get(function), new BayesSearch(FunctionRegistry.Get(function).Space, [], 3)).Evaluate(60, 1);
            foreach (var count in new[] { 60, 200, 500 })
            {
                Row($"GP, {function}, {count} results", "ms", () => Propose(function, count, 4, space => new BayesSearch(space, [], 1)), null, "");
                Row($"GP, {function}, {count} results, with a fit", "ms", () => Propose(function, count, 1, space => new BayesSearch(space, [], 1)), null, "");
            }
        }
        foreach (var results in new[] { 100, 500 })
        {
            var (all, longest) = CoordinatorBenchmark.AskModelAsync(results, slots: 100).GetAwaiter().GetResult();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"100 slots ask at once after {results} results of 6 numbers: all are answered after {all:F1} s; another command waits {1e3 * longest:F0} ms at most."));
        }
    }

    private static void Row(string what, string unit, Func<double> ours, OptunaPeer? optuna, string task)
    {
        ours();
        var (mine, theirs) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            mine.Add(ours());
            if (optuna is not null)
                theirs.Add(optuna.Do(task));
        }
        var own = Median(mine);
        double? peer = theirs.Count > 0 ? Median(theirs) : null;
        var ratio = unit == "ms" ? peer / own : own / peer;
        Console.WriteLine($"| {what} | {Short(own)} {unit} | {(peer is { } p ? $"{Short(p)} {unit}" : "–")} | {(ratio is { } r ? $"{Short(r)}×" : "")} |");
    }

    /// <summary>
    /// The median milliseconds of a proposal after <paramref name="count"/> random results. If there are several proposals, the first half
    /// is not counted.
    /// </summary>
    private static double Propose(string name, int count, int proposals, Func<Sweeps.Core.Space.SearchSpace, ISearch> make)
    {
        var function = FunctionRegistry.Get(name);
        var history = new Study(function, new SequenceSearch(function.Space, [], new RandomSequence(7)));
        history.Evaluate(count, 1);
        var search = make(function.Space);
        var times = new List<double>();
        for (var n = 0; n < proposals; n++)
        {
            var watch = Stopwatch.StartNew();
            search.Propose(count + n, 0, history);
            times.Add(watch.Elapsed.TotalMilliseconds);
        }
        return Median(times.Skip(proposals / 2));
    }

    /// <summary>
    /// One slot executes runs of random search over five numbers, without work. Returns the decisions per second of its reports, or the
    /// runs per second of all commands.
    /// </summary>
    private static double Decide(RuleSpec[] rules, int epochs, int runs, bool reports = true)
    {
        var machine = MachineBenchmark.Created(MachineBenchmark.Spec(rules, runs) with { Epochs = epochs, MaxEpochs = epochs });
        var log = new List<LoggedEvent>();
        var (decisions, reporting, all) = (0, TimeSpan.Zero, Stopwatch.StartNew());
        while (machine.Decide(new RequestWork("node", 1, []), default, log).Assignments is [var work])
        {
            log.Clear();
            for (var epoch = work.RecordedEpoch + 1; epoch <= work.UntilEpoch; epoch++)
            {
                var metrics = new Dictionary<string, double>(1) { ["loss"] = (work.Run * 2654435761L % (1L << 32)) / (double)(1L << 32) + 1.0 / epoch };
                var started = Stopwatch.GetTimestamp();
                var verdict = machine.Decide(new ReportEpoch("node", work.Run, work.Generation, epoch, metrics, 0), default, log).Verdict;
                reporting += Stopwatch.GetElapsedTime(started);
                decisions++;
                if (verdict != Verdict.Continue)
                    break;
            }
        }
        return reports ? decisions / reporting.TotalSeconds : machine.State.Runs.Count / all.Elapsed.TotalSeconds;
    }

    private static string Short(double value) => value.ToString(value >= 100 ? "N0" : "G2", CultureInfo.InvariantCulture);

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
