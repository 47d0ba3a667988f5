using System.Diagnostics;
using Sweeps.Core;
using Sweeps.Core.Rules;
using Sweeps.Core.Search;
using Sweeps.Core.Space;

namespace Benchmarks;

/// <summary>
/// Measures the sweep machine alone: 100,000 runs of up to 10 epochs without work, ASHA with rungs 1, 3, 9, random search over five
/// parameters. Prints runs, epochs and decisions per second, latency, memory, and the cost of the last thousand runs relative to the first
/// thousand.
/// </summary>
internal static class MachineBenchmark
{
    private const int Slots = 64;

    public static void Run(string[] args)
    {
        var runs = args is [var count, ..] ? int.Parse(count, System.Globalization.CultureInfo.InvariantCulture) : 100_000;
        Console.WriteLine("Targets: 2,000 runs/s, 20,000 epochs/s, flat; a decision under 1,000 µs p99; state under 1,024 B a run; a start under 5 s.");
        foreach (var (name, rules) in new (string, RuleSpec[])[]
        {
            ("no early stopping", []), ("ASHA promotion", [new AshaSpec(1, 10, 3)]),
            ("ASHA stopping", [new AshaStoppingSpec(1, 10, 3, AshaComparison.Optuna)]),
            ("Hyperband", [new SuccessiveHalvingSpec(1, 10, 3, AllBrackets: true)]), ("median", [new MedianSpec(3, 5)]),
        })
        {
            Measure("warm up", rules, Math.Min(runs, 2_000), print: false);
            Measure(name, rules, runs, print: true);
        }
    }

    private static void Measure(string name, RuleSpec[] rules, int runs, bool print)
    {
        var spec = Spec(rules, runs);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var machine = Created(spec);
        var log = new List<LoggedEvent>();
        var work = new Assignment?[Slots];
        var epochs = new int[Slots];
        var latencies = new List<float>(runs * 11);
        var thousands = new List<double>();
        var nodes = Array.ConvertAll([.. Enumerable.Range(0, Slots)], slot => $"node-{slot}");
        var at = DateTimeOffset.UnixEpoch;
        var (total, thousand) = (Stopwatch.StartNew(), Stopwatch.StartNew());
        while (machine.State.Status != SweepStatus.Ended)
        {
            for (var slot = 0; slot < Slots && machine.State.Status != SweepStatus.Ended; slot++)
            {
                log.Clear();
                var started = Stopwatch.GetTimestamp();
                if (work[slot] is not { } assignment)
                {
                    work[slot] = machine.Decide(new RequestWork(nodes[slot], 1, []), at, log).Assignments is [var fresh] ? fresh : null;
                    epochs[slot] = work[slot]?.RecordedEpoch ?? 0;
                }
                else
                {
                    var epoch = ++epochs[slot];
                    var metrics = new Dictionary<string, double>(1) { ["loss"] = (SplitMix64.Mix((ulong)assignment.Run) >> 11) / (double)epoch };
                    var report = new ReportEpoch(nodes[slot], assignment.Run, assignment.Generation, epoch, metrics, 0.01);
                    if (machine.Decide(report, at, log).Verdict != Verdict.Continue)
                        work[slot] = null;
                }
                latencies.Add((float)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
            if (machine.State.Runs.Count / 1000 > thousands.Count)
            {
                thousands.Add(thousand.Elapsed.TotalSeconds);
                thousand.Restart();
            }
        }
        if (print)
            Print(name, machine, before, total.Elapsed, latencies, thousands);
    }

    private static void Print(string name, SweepMachine machine, long before, TimeSpan time, List<float> latencies, List<double> thousands)
    {
        var state = machine.State;
        latencies.Sort();
        var p99 = latencies[(int)(0.99 * latencies.Count)];
        latencies.Clear();
        latencies.TrimExcess();
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        var replay = Stopwatch.StartNew();
        var snapshot = SweepSnapshot.Write(state);
        var write = replay.Elapsed;
        replay.Restart();
        var again = SweepSnapshot.Read(_ => state.Spec, snapshot);
        var read = replay.Elapsed;
        var tenth = Math.Max(1, thousands.Count / 10);
        Console.WriteLine(string.Join("  ", new FormattableString[]
        {
            $"{name,-18} {state.Runs.Count / time.TotalSeconds,7:0} runs/s {state.EpochsRecorded / time.TotalSeconds,8:0} epochs/s",
            $"decision p99 {p99 * 1000,5:0.0} µs",
            $"{(double)bytes / state.Runs.Count,5:0} B/run",
            $"first/last tenth {thousands.Take(tenth).Average() * 1000:0.0}/{thousands.TakeLast(tenth).Average() * 1000:0.0} ms per 1000 runs",
            $"snapshot {snapshot.Length / 1e6:0.0} MB, written in {write.TotalSeconds:0.00} s, read in {read.TotalSeconds:0.00} s",
        }.Select(FormattableString.Invariant)));
        GC.KeepAlive(machine);
        GC.KeepAlive(again);
    }

    internal static SweepMachine Created(SweepSpec spec)
    {
        var machine = new SweepMachine(_ => spec, SearchFactory.Create, new MachineOptions());
        machine.Apply(new LoggedEvent(1, DateTimeOffset.UnixEpoch, new SweepCreated("bench", "", "bench")));
        return machine;
    }

    internal static SweepSpec Spec(RuleSpec[] rules, int runs) => new()
    {
        Name = "bench",
        Method = SearchMethod.Random,
        Objective = new Objective("loss", Goal.Minimize),
        Space = new SearchSpace([.. "abcde".Select(name => new Parameter(name.ToString(), new Uniform(0, 1), new Dictionary<string, IReadOnlyList<Value>>()))]),
        Rules = rules,
        RunCap = runs,
        Epochs = 10,
        MaxEpochs = 10,
        Trainable = new TrainableSpec.Table(""),
    };
}
