using System.Globalization;
using Cluster.Harness;

namespace Benchmarks;

/// <summary>Measures how long runs are interrupted when their silo is killed.</summary>
internal static class RecoveryBenchmark
{
    /// <summary><c>recovery [KILLS]</c>: 10 kills by default.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var kills = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 10;
        await RecoveryTime.MeasureAsync(kills, Console.Out);
        return 0;
    }
}
