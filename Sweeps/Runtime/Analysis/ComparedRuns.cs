using Sweeps.Core;

namespace Sweeps.Analysis;

/// <summary>What a run reported: its values at epochs 1, 2, 3 …, smaller is better.</summary>
public sealed record RunCurve(int Run, Configuration Configuration, IReadOnlyList<double> Values);

/// <summary>Values that can be compared: those of all runs that reached one epoch.</summary>
/// <param name="Epoch">At which epoch.</param>
/// <param name="Samples">One per run that reached it, in the order given.</param>
public sealed record ComparedRuns(int Epoch, IReadOnlyList<Sample> Samples)
{
    private const int LeastRuns = 20;
    private const int RunsPerParameter = 4;

    /// <summary>
    /// The highest rung that at least max(20, 4·parameters) runs reached; the lowest one if none did. Under early stopping only survivors
    /// complete, and they are no fair sample; whoever shows a chart says the epoch beside it. Null when no run reached any rung.
    /// </summary>
    /// <param name="runs">Everything reported so far.</param>
    /// <param name="rungs">The epochs at which runs may be compared: the rungs and the last epoch, in any order; not empty.</param>
    /// <param name="parameters">How many parameters the space has.</param>
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

/// <summary>A configuration and the value it reached, smaller is better unless said.</summary>
public readonly record struct Sample(Configuration Configuration, double Value);

/// <summary>How much of what happened is due to one parameter.</summary>
/// <param name="Parameter">Its full name.</param>
/// <param name="Raw">In the method's own unit, at least 0.</param>
/// <param name="Share">Of the sum over all parameters, in [0, 1]; 0 when all are 0.</param>
public sealed record ParameterImportance(string Parameter, double Raw, double Share)
{
    /// <summary>Names with raw importances, most important first, with their shares.</summary>
    internal static IReadOnlyList<ParameterImportance> Ranked(IReadOnlyList<(string Name, double Raw)> raw)
    {
        var sum = raw.Sum(one => one.Raw);
        return [.. raw.OrderByDescending(one => one.Raw).ThenBy(one => one.Name, StringComparer.Ordinal)
            .Select(one => new ParameterImportance(one.Name, one.Raw, sum > 0 ? one.Raw / sum : 0))];
    }
}
