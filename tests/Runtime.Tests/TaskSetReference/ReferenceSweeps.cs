using System.Collections.Concurrent;

namespace Runtime.Tests.TaskSetReference;

/// <summary>All 2,880 sweeps of the benchmark, run once for all tests: each line of the reference with our result.</summary>
public sealed class ReferenceSweeps
{
    private static readonly ConcurrentDictionary<string, (double Least, double Median)> scales = [];

    private readonly Lazy<(Golden Expected, Golden Actual)[]> all = new(() =>
    [
        .. TaskSet.Reference().Select(golden =>
            (golden, golden.Actual(TaskSet.Run(golden.Task, golden.Scheduler, golden.First, golden.Workers, golden.Seed)))),
    ]);

    internal (Golden Expected, Golden Actual)[] All => all.Value;

    /// <summary>
    /// The lines of the reference's table of mean regret and standard error after 255, 510, 1020 and 2040 epochs: scheduler, first rung,
    /// workers, four cells.
    /// </summary>
    internal static IEnumerable<string[]> RegretTable() => File.ReadLines(Path.Combine(AppContext.BaseDirectory, "TaskSetReference", "Regret.txt")).Select(line => line.Split(' '));

    /// <summary>(best − g) / (m − g): g the table's minimum, m element 500 of its sorted row minima.</summary>
    internal static double Regret(string task, double best)
    {
        var (least, median) = scales.GetOrAdd(task, name =>
        {
            var minima = TaskSet.Table(name)["valid_loss"]!.Select(row => row.Min()).Order().ToArray();
            return (minima[0], minima[500]);
        });
        return (best - least) / (median - least);
    }
}
