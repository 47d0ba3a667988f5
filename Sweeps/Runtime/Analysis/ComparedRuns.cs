using Sweeps.Core;

namespace Sweeps.Analysis;

/// <summary>The values of a run at epochs 1, 2, 3 …; smaller is better.</summary>
public sealed record RunCurve(int Run, Configuration Configuration, IReadOnlyList<double> Values);

/// <summary>The values of all runs that reached one epoch, which makes them comparable.</summary>
/// <param name="Epoch">The epoch.</param>
/// <param name="Samples">One sample per run that reached the epoch, in the order of the runs.</param>
public sealed record ComparedRuns(int Epoch, IReadOnlyList<Sample> Samples)
{
    private const int LeastRuns = 20;
    private const int RunsPerParameter = 4;

    /// <summary>
    /// The values at the highest rung that at least max(20, 4·parameters) runs reached, or at the lowest rung if none did. The last epoch is
    /// not used by itself, because only the survivors of early stopping reach it and they are a biased sample; a chart should show the epoch.
    /// Null when no run reached any rung.
    /// </summary>
    /// <param name="runs">The values reported so far.</param>
    /// <param name="rungs">The rungs and the last epoch, in any order; not empty.</param>
    /// <param name="parameters">The number of parameters of the space.</param>
    public static ComparedRuns? Choose(IReadOnlyList<RunCurve> runs, IReadOnlyList<int> rungs, int parameters)
    {
        var least = Math.Max(LeastRuns, RunsPerParameter * parameters);
        var reached = rungs.Where(epoch => runs.Any(run => run.Values.Count >= epoch)).Order().ToArray();
        if (reached.Length == 0)
            return null;
        var enough = reached.Where(epoch => runs.Count(run => run.Values.Count >= epoch) >= least);
        var chosen = enough.LastOrDefault(reached[0]);
        return new ComparedRuns(chosen, [.. runs
            .Where(run => run.Values.Count >= chosen)
            .Select(run => new Sample(run.Configuration, run.Values[chosen - 1]))]);
    }
}

/// <summary>A configuration with its value; smaller is better.</summary>
public readonly record struct Sample(Configuration Configuration, double Value);

/// <summary>The importance of one parameter for the value.</summary>
/// <param name="Parameter">The full name.</param>
/// <param name="Raw">The importance in the unit of the method, at least 0.</param>
/// <param name="Share">The share of the sum over all parameters, in [0, 1]; 0 when all are 0.</param>
public sealed record ParameterImportance(string Parameter, double Raw, double Share)
{
    /// <summary>Sorts raw importances in descending order and adds their shares.</summary>
    internal static IReadOnlyList<ParameterImportance> Ranked(IReadOnlyList<(string Name, double Raw)> raw)
    {
        var sum = raw.Sum(one => one.Raw);
        return [.. raw.OrderByDescending(one => one.Raw).ThenBy(one => one.Name, StringComparer.Ordinal)
            .Select(one => new ParameterImportance(one.Name, one.Raw, sum > 0 ? one.Raw / sum : 0))];
    }
}
