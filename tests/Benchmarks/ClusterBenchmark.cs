using System.Globalization;
using Cluster.Harness;
using Engine.Data;

namespace Benchmarks;

/// <summary>Measures the throughput of a cluster of silos on PostgreSQL without training, and its training speed.</summary>
internal static class ClusterBenchmark
{
    /// <summary>
    /// <c>cluster [RUNS EPOCHS [PACE_MS]]</c>: without counts, it measures long runs, many runs and short runs at full speed, and then long
    /// runs with a load of 5,700 epochs/s. <c>cluster training [ROUNDS]</c>: real training on one silo and on two.
    /// </summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is ["training", .. var more])
        {
            try
            {
                await TrainingSpeed.MeasureAsync(more is [var rounds] ? Number(rounds) : 3, Console.Out);
                return 0;
            }
            catch (DatasetNotFoundException e)
            {
                Console.Error.WriteLine(e.Message);
                return 2;
            }
        }
        (int Runs, int Epochs, int Pace)[] sizes = arguments is [var runs, var epochs, .. var pace]
            ? [(Number(runs), Number(epochs), pace is [var one] ? Number(one) : 0)]
            : [(400, 500, 0), (10_000, 50, 0), (10_000, 10, 0), (400, 500, 35)];
        foreach (var size in sizes)
            await Throughput.MeasureAsync(size.Runs, size.Epochs, TimeSpan.FromMilliseconds(size.Pace), Console.Out);
        return 0;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
