using Sweeps.Core;

namespace Sweeps.Analysis;

/// <summary>The values of a run at epochs 1, 2, 3 …; smaller is better.</summary>
/// <param name="Run">Its number.</param>
/// <param name="Configuration">Its hyperparameters.</param>
/// <param name="Values">One value per epoch.</param>
/// <param name="After">Why there are no further values.</param>
public sealed record RunCurve(int Run, Configuration Configuration, IReadOnlyList<double> Values, CurveEnd After = CurveEnd.Unknown)
{
    /// <summary>The value at an epoch; +∞ after a divergence or a failure; null if it is unknown.</summary>
    public double? At(int epoch) => epoch <= Values.Count ? Values[epoch - 1] : After == CurveEnd.Worst ? double.PositiveInfinity : null;
}

/// <summary>Why a curve has no further values.</summary>
public enum CurveEnd
{
    /// <summary>The run still trains, had no more epochs to train, or the sweep ended. The missing values may be good or bad.</summary>
    Unknown,

    /// <summary>A rule stopped or paused the run because its values were bad. The remaining runs are a biased sample.</summary>
    Stopped,

    /// <summary>The run diverged or failed: every further value counts as +∞.</summary>
    Worst,
}

/// <summary>The values of runs at the same epoch.</summary>
/// <param name="Epoch">The epoch.</param>
/// <param name="Samples">One sample per run with a value at the epoch, in the order of the runs.</param>
/// <param name="Stopped">The number of runs that were stopped before the epoch. Their values are missing and would have been bad.</param>
public sealed record ComparedRuns(int Epoch, IReadOnlyList<Sample> Samples, int Stopped)
{
    private const int MinRuns = 20;
    private const int RunsPerParameter = 4;

    /// <summary>
    /// Chooses the epoch at which the runs are compared. With rungs it is the highest rung that at least max(20, 4·parameters) runs reached, else the
    /// lowest one. Without rungs only epochs before which no run was stopped are considered, because the runs that survive early stopping are a
    /// biased sample: it is the highest epoch that so many runs reached, else the one with the most runs. Null if no epoch qualifies.
    /// </summary>
    /// <param name="runs">The values reported so far.</param>
    /// <param name="rungs">The rungs and the last epoch, in any order; empty without a rule with rungs.</param>
    /// <param name="parameters">The number of parameters of the space.</param>
    public static ComparedRuns? Choose(IReadOnlyList<RunCurve> runs, IReadOnlyList<int> rungs, int parameters)
    {
        var least = Math.Max(MinRuns, RunsPerParameter * parameters);
        var longest = runs.Select(run => run.Values.Count).DefaultIfEmpty().Max();
        var candidates = (rungs.Count > 0 ? rungs : Enumerable.Range(1, longest)).Where(epoch => epoch <= longest).Order().Select(epoch => At(runs, epoch)).ToArray();
        if (rungs.Count == 0)
            candidates = [.. candidates.Where(compared => compared.Stopped == 0)];
        return candidates.LastOrDefault(compared => compared.Samples.Count >= least)
            ?? (rungs.Count > 0 ? candidates.FirstOrDefault() : candidates.MaxBy(compared => compared.Samples.Count));
    }

    /// <summary>The values at an epoch.</summary>
    public static ComparedRuns At(IReadOnlyList<RunCurve> runs, int epoch) => new(
        epoch,
        [.. runs.Where(run => run.At(epoch) is not null).Select(run => new Sample(run.Configuration, run.At(epoch)!.Value))],
        runs.Count(run => run.After == CurveEnd.Stopped && run.Values.Count < epoch));
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
