using System.Diagnostics;
using Engine.Data;
using Engine.Diagnostics;
using Engine.Training;

namespace Benchmarks;

/// <summary>
/// CPU seconds per epoch (54,000 examples and validation on 6,000, every metric on) of the engine and of PyTorch, on one pinned core in
/// alternation; then what the engine promises beside that.
/// </summary>
internal static class EngineBenchmark
{
    private const int Rounds = 5;

    public static int Run(string[] wanted)
    {
        var folder = Environment.GetEnvironmentVariable("SWEEP_DATA");
        if (folder is null || !Directory.Exists(Path.Combine(folder, "fashion-mnist")))
        {
            Console.Error.WriteLine("Set SWEEP_DATA to the folder that holds fashion-mnist/.");
            return 2;
        }
        folder = Path.Combine(folder, "fashion-mnist");
        var data = IdxDataset.FromFolder("fashion-mnist", folder);
        var allCores = OperatingSystem.IsLinux() ? Process.GetCurrentProcess().ProcessorAffinity : 0;
        Pin(1 << (Environment.ProcessorCount - 1));
        var peak = Peak.Measure();
        Console.WriteLine($"{peak.Path}; peak {peak.PeakGflops:F0} GFLOP/s, product {peak.ProductGflops:F0} ({peak.Share:P0}); denormals {(peak.FlushesDenormals ? "flushed" : "NOT flushed")}");
        Console.WriteLine();
        Console.WriteLine("|   | engine: median (best) s | PyTorch: median (best) s, variant | ratio, median of rounds | start ms | share of peak |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var (name, _, options) in EngineConfigurations.All.Where(c => wanted.Length == 0 || wanted.Contains(c.Name)))
            Measure(data, folder, name, options, peak);
        Pin(allCores);
        Scaling(data, EngineConfigurations.All[0].Options);
        return 0;
    }

    private static void Measure(Dataset data, string folder, string name, TrainingOptions options, PeakReport peak)
    {
        var start = StartMilliseconds(data, options);
        using var trainer = new Trainer(data, options, 1);
        Epoch(trainer);
        string[] variants = ["sliced", options.Convolutions.Count > 0 ? "channels_last" : "loader"];
        var peers = variants.Select(v => TorchPeer.Start(folder, name, v)).ToArray();
        foreach (var peer in peers)
            peer?.Epoch();
        var ours = new List<double>();
        var theirs = variants.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            ours.Add(Epoch(trainer));
            for (var i = 0; i < peers.Length; i++)
                if (peers[i] is { } peer)
                    theirs[i].Add(peer.Epoch());
        }
        var operations = EngineConfigurations.Operations(options, 54_000, 6_000);
        var torch = "PyTorch not found: SKIPPED | –";
        if (peers[0] is { } found)
        {
            var best = theirs[0].Sum() <= theirs[1].Sum() ? 0 : 1;
            var ratios = ours.Zip(theirs[best], (a, b) => b / a).ToList();
            torch = $"{Median(theirs[best]):F2} ({theirs[best].Min():F2}), {found.Description} {variants[best]}, its product {found.ProductGflops:F0} GFLOP/s | {Median(ratios):F1}";
        }
        Console.WriteLine(
            $"| {name} | {Median(ours):F3} ({ours.Min():F3}) | {torch} | {start:F1} | {operations / Median(ours) / 1e9 / peak.PeakGflops:P0} |");
        foreach (var peer in peers)
            peer?.Dispose();
    }

    private static double Epoch(Trainer trainer)
    {
        var before = Environment.CpuUsage.TotalTime;
        trainer.TrainEpoch(CancellationToken.None);
        return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }

    private static double StartMilliseconds(Dataset data, TrainingOptions options)
    {
        var times = new List<double>();
        for (var i = 0; i < 6; i++)
        {
            var before = Environment.CpuUsage.TotalTime;
            using var trainer = new Trainer(data, options, (ulong)i);
            times.Add((Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
        }
        return Median(times[1..]);
    }

    /// <summary>Epochs per second of one thread and of two, in alternation.</summary>
    private static void Scaling(Dataset data, TrainingOptions options)
    {
        if (Environment.ProcessorCount < 2)
        {
            Console.WriteLine("Two runs on two cores: SKIPPED, this machine has one.");
            return;
        }
        using Trainer a = new(data, options, 1), b = new(data, options, 2);
        var ratios = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var one = Seconds(() => a.TrainEpoch(default));
            var two = Seconds(() => Together(a, b));
            ratios.Add(2 * one / two);
        }
        Console.WriteLine();
        Console.WriteLine($"Two runs on two cores: {Median(ratios):F2} times the throughput of one (best {ratios.Max():F2}).");
        var before = GC.GetAllocatedBytesForCurrentThread();
        a.TrainEpoch(default);
        Console.WriteLine($"Allocated in an epoch of {a.Batches} batches: {GC.GetAllocatedBytesForCurrentThread() - before} bytes.");
    }

    private static void Together(Trainer a, Trainer b)
    {
        var other = new Thread(() => b.TrainEpoch(default));
        other.Start();
        a.TrainEpoch(default);
        other.Join();
    }

    private static double Seconds(Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private static void Pin(nint cores)
    {
        if (OperatingSystem.IsLinux() && cores != 0)
            Process.GetCurrentProcess().ProcessorAffinity = cores;
    }
}
