using System.Globalization;
using Cluster.Harness;
using Engine.Data;

namespace Benchmarks;

/// <summary>What a cluster of real silos around a real PostgreSQL takes in without training, and how fast it trains.</summary>
internal static class ClusterBenchmark
{
    /// <summary>
    /// <c>cluster [ENGINE [RUNS EPOCHS]]</c>: any engine this build knows; without counts, long runs, many runs and short runs.
    /// <c>cluster ENGINE training [ROUNDS]</c>: real training on one silo and on two.
    /// </summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var name = arguments.ElementAtOrDefault(0) ?? ClusterEngine.Known[^1].Name;
        if (ClusterEngine.Find(name) is not { } engine)
        {
            Console.Error.WriteLine($"The engine is '{name}', but must be one of: {string.Join(", ", ClusterEngine.Known.Select(known => known.Name))}.");
            return 2;
        }
        if (arguments is [_, "training", .. var more])
        {
            try
            {
                await TrainingSpeed.MeasureAsync(engine, more is [var rounds] ? int.Parse(rounds, CultureInfo.InvariantCulture) : 3, Console.Out);
                return 0;
            }
            catch (DatasetNotFoundException e)
            {
                Console.Error.WriteLine(e.Message);
                return 2;
            }
        }
        (int Runs, int Epochs)[] sizes = arguments is [_, var runs, var epochs]
            ? [(int.Parse(runs, CultureInfo.InvariantCulture), int.Parse(epochs, CultureInfo.InvariantCulture))]
            : [(400, 500), (10_000, 50), (10_000, 10)];
        foreach (var size in sizes)
            await Throughput.MeasureAsync(engine, size.Runs, size.Epochs, Console.Out);
        return 0;
    }
}
