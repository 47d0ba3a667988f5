using System.Globalization;
using Cluster.Harness;

namespace Benchmarks;

/// <summary>How long the runs of a silo that was killed stand still.</summary>
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
