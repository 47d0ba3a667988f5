using System.Diagnostics;
using Engine.Data;
using Engine.Training;
using Sweeps.Nodes;

namespace Benchmarks;

/// <summary>
/// Measures the cost of lending for a node whose slots are all busy: one slot per processor trains short runs, with and without sharing
/// batches with idle slots, alternating. Prints the time with lending divided by the time without: by wall time, and by CPU time, which
/// depends less on other processes.
/// </summary>
internal static class LendingBenchmark
{
    private const int Rounds = 31, RunsPerSlot = 24, Epochs = 2;

    private static readonly TrainingOptions Options = EngineConfigurations.All.Single(one => one.Name == "C").Options;

    public static async Task<int> RunAsync()
    {
        var data = Glyphs.Draw();
        using var pool = new SlotPool(Environment.ProcessorCount);
        List<double> wall = [], cpu = [];
        await TrainAsync(pool, data, lends: true);
        for (var round = 0; round < Rounds; round++)
        {
            // Both orders, so that a change of the machine's speed within a round cancels out.
            var lendsFirst = round % 2 == 0;
            var first = await TrainAsync(pool, data, lendsFirst);
            var second = await TrainAsync(pool, data, !lendsFirst);
            var (with, without) = lendsFirst ? (first, second) : (second, first);
            wall.Add(with.Wall / without.Wall);
            cpu.Add(with.Cpu / without.Cpu);
        }
        wall.Sort();
        cpu.Sort();
        Console.WriteLine($"{pool.Count} slots with work for all, time with lending over time without, median and middle half of {Rounds} rounds:");
        Console.WriteLine($"  wall {wall[Rounds / 2]:F3} ({wall[Rounds / 4]:F3} to {wall[3 * Rounds / 4]:F3}), CPU {cpu[Rounds / 2]:F3} ({cpu[Rounds / 4]:F3} to {cpu[3 * Rounds / 4]:F3})");
        return 0;
    }

    private static async Task<(double Wall, double Cpu)> TrainAsync(SlotPool pool, Dataset data, bool lends)
    {
        var (start, before) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        await Task.WhenAll(Enumerable.Range(0, pool.Count).Select(_ => Task.Run(() => TrainRunsAsync(pool, data, lends))));
        return (Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
    }

    private static async Task TrainRunsAsync(SlotPool pool, Dataset data, bool lends)
    {
        for (var run = 0; run < RunsPerSlot; run++)
        {
            if (!pool.TryReserve(out var permit))
                throw new InvalidOperationException("More runs than slots.");
            using (permit)
            {
                using var trainer = await permit.RunAsync(() => new Trainer(data, Options, (ulong)run));
                permit.Share(lends ? trainer.Team : null);
                for (var epoch = 0; epoch < Epochs; epoch++)
                    await permit.RunAsync(() => trainer.TrainEpoch(CancellationToken.None));
                permit.Share(null);
                trainer.Team.Close();
            }
        }
    }
}
