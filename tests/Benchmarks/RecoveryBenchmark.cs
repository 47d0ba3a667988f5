using System.Globalization;
using Cluster.Harness;

namespace Benchmarks;

/// <summary>How long the runs of a silo that was killed stand still.</summary>
internal static class RecoveryBenchmark
{
    /// <summary><c>recovery [ENGINE [KILLS]]</c>: any engine this build knows, 10 kills.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var name = arguments.ElementAtOrDefault(0) ?? ClusterEngine.Known[^1].Name;
        if (ClusterEngine.Find(name) is not { } engine)
        {
            Console.Error.WriteLine($"The engine is '{name}', but must be one of: {string.Join(", ", ClusterEngine.Known.Select(known => known.Name))}.");
            return 2;
        }
        var kills = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 10;
        await RecoveryTime.MeasureAsync(engine, kills, Console.Out);
        return 0;
    }
}
