using System.Diagnostics;
using Engine.Data;
using Engine.Numerics;
using Engine.Training;

namespace Benchmarks;

/// <summary>
/// Measures CPU seconds per epoch (54,000 examples and validation on 6,000, with all metrics) of the engine and of PyTorch, alternating on
/// one pinned core; two concurrent runs on two cores; and one run on two cores. Prints one table.
/// </summary>
internal static class EngineBenchmark
{
    /// <summary>The rounds of a dense and of a convolutional network. The longer epochs of the second need fewer rounds.</summary>
    private const int DenseRounds = 5, ConvolutionalRounds = 3;

    /// <summary>The approximate seconds of a round of two concurrent runs: long enough that their start and end do not matter.</summary>
    private const double ScalingSeconds = 1.5;

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
        var torchSharp = wanted.Contains("torchsharp");
        if (torchSharp && TorchPeer.BuildTorchSharp() is { } missing)
        {
            Console.WriteLine($"{missing}: SKIPPED");
            torchSharp = false;
        }
        Console.WriteLine();
        Console.WriteLine("|   | engine: median (best) s | PyTorch: median (best) s, variant | ratio, median of rounds | TorchSharp: median (best) s, ratio | start ms | bytes allocated | share of peak | two runs on two cores: throughput (by CPU time) | one run on two cores: speed |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (var (name, _, options) in EngineConfigurations.All.Where(c => !wanted.Any(IsConfiguration) || wanted.Contains(c.Name)))
        {
            Pin(1 << (Environment.ProcessorCount - 1));
            Measure(data, folder, name, options, peak, allCores, torchSharp);
        }
        return 0;

        static bool IsConfiguration(string word) => EngineConfigurations.All.Any(one => one.Name == word);
    }

    private static void Measure(Dataset data, string folder, string name, TrainingOptions options, PeakReport peak, nint allCores, bool torchSharp)
    {
        var start = StartMilliseconds(data, options);
        using var trainer = new Trainer(data, options, 1);
        var isDense = options.Convolutions.Count == 0;
        string[] variants = isDense ? ["sliced", "loader"] : ["channels_last"];
        var peers = variants.Select(v => TorchPeer.Start(folder, name, v)).ToArray();
        var sharp = torchSharp ? TorchPeer.StartTorchSharp(folder, name) : null;
        if (isDense)
        {
            Epoch(trainer, out _);
            foreach (var peer in peers)
                peer?.Epoch();
            sharp?.Epoch();
        }
        var ours = new List<double>();
        var allocated = 0L;
        var theirs = variants.Select(_ => new List<double>()).ToArray();
        var sharps = new List<double>();
        for (var round = 0; round < (isDense ? DenseRounds : ConvolutionalRounds); round++)
        {
            ours.Add(Epoch(trainer, out allocated));
            for (var i = 0; i < peers.Length; i++)
                if (peers[i] is { } peer)
                    theirs[i].Add(peer.Epoch());
            if (sharp is not null)
                sharps.Add(sharp.Epoch());
        }
        var operations = EngineConfigurations.Operations(options, 54_000, 6_000);
        var torch = "PyTorch not found: SKIPPED | –";
        if (peers[0] is { } found)
        {
            var best = Enumerable.Range(0, variants.Length).MinBy(i => theirs[i].Sum());
            var ratios = ours.Zip(theirs[best], (a, b) => b / a);
            torch = $"{Median(theirs[best]):F2} ({theirs[best].Min():F2}), {found.Description} {variants[best]}, its product {found.ProductGflops:F0} GFLOP/s | {Median(ratios):F1}";
        }
        var net = sharp is null ? "–" : $"{Median(sharps):F2} ({sharps.Min():F2}), {sharp.Description}: {Median(ours.Zip(sharps, (a, b) => b / a)):F1}";
        foreach (var peer in peers)
            peer?.Dispose();
        sharp?.Dispose();
        Pin(allCores);
        Console.WriteLine(
            $"| {name} | {Median(ours):F3} ({ours.Min():F3}) | {torch} | {net} | {start:F1} | {allocated} | {operations / Median(ours) / 1e9 / peak.PeakGflops:P0} | {Scaling(data, options, trainer, Median(ours))} | {Helped(data, options, trainer, Median(ours))} |");
    }

    private static double Epoch(Trainer trainer, out long allocated)
    {
        var (time, bytes) = (Environment.CpuUsage.TotalTime, GC.GetAllocatedBytesForCurrentThread());
        trainer.TrainEpoch(CancellationToken.None);
        allocated = GC.GetAllocatedBytesForCurrentThread() - bytes;
        return (Environment.CpuUsage.TotalTime - time).TotalSeconds;
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

    /// <summary>
    /// The throughput of two concurrent runs divided by that of one, alternating: by wall time, which needs an idle machine, and by CPU
    /// time, which shows how much the runs slow each other down.
    /// </summary>
    private static string Scaling(Dataset data, TrainingOptions options, Trainer first, double epochSeconds)
    {
        if (Environment.ProcessorCount < 2)
            return "SKIPPED: one core";
        using var second = new Trainer(data, options, 2);
        var epochs = Math.Max(1, (int)(ScalingSeconds / epochSeconds));
        List<double> wall = [], cpu = [];
        for (var round = 0; round < (epochSeconds < ScalingSeconds ? DenseRounds : 1); round++)
        {
            var one = Times(() => Train(first, epochs));
            var two = Times(() => Together(() => Train(first, epochs), () => Train(second, epochs)));
            wall.Add(2 * one.Wall / two.Wall);
            cpu.Add(4 * one.Cpu / two.Cpu);
        }
        return $"{Median(wall):F2}, best {wall.Max():F2} ({Median(cpu):F2})";
    }

    /// <summary>
    /// The speed of a run with a helper thread on the second core divided by that of one thread, alternating, by wall time. It needs an
    /// idle machine.
    /// </summary>
    private static string Helped(Dataset data, TrainingOptions options, Trainer alone, double epochSeconds)
    {
        if (Environment.ProcessorCount < 2)
            return "SKIPPED: one core";
        using var helped = new Trainer(data, options, 1, threads: 2);
        var ended = false;
        var helper = new Thread(() => helped.Team.Help(() => Volatile.Read(ref ended)));
        helper.Start();
        var epochs = Math.Max(1, (int)(ScalingSeconds / epochSeconds));
        var ratios = new List<double>();
        for (var round = 0; round < (epochSeconds < ScalingSeconds ? DenseRounds : 1); round++)
            ratios.Add(Times(() => Train(alone, epochs)).Wall / Times(() => Train(helped, epochs)).Wall);
        Volatile.Write(ref ended, true);
        helped.Team.Recall();
        helper.Join();
        return $"{Median(ratios):F2}, best {ratios.Max():F2}";
    }

    private static void Train(Trainer trainer, int epochs)
    {
        for (var i = 0; i < epochs; i++)
            trainer.TrainEpoch(default);
    }

    private static void Together(Action here, Action there)
    {
        var other = new Thread(() => there());
        other.Start();
        here();
        other.Join();
    }

    private static (double Wall, double Cpu) Times(Action work)
    {
        var (start, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        work();
        return (Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    internal static void Pin(nint cores)
    {
        if (OperatingSystem.IsLinux() && cores != 0)
            Process.GetCurrentProcess().ProcessorAffinity = cores;
    }
}
