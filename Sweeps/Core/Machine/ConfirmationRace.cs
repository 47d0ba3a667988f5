using MathNet.Numerics.Distributions;

namespace Sweeps.Core;

/// <summary>A configuration in a confirmation.</summary>
/// <param name="Run">The confirmed run.</param>
/// <param name="First">Its best value in the search, oriented. It is biased, because the run was selected by it.</param>
/// <param name="Values">
/// Its values by seed, oriented: the best of each learning curve; +∞ if training diverged or failed, null if it has not ended.
/// </param>
public sealed record ConfirmedRun(int Run, double First, IReadOnlyList<double?> Values)
{
    /// <summary>Whether it can still be the best, at 95 % confidence.</summary>
    public bool Alive { get; init; } = true;

    /// <summary>The number of seeds whose training has ended.</summary>
    public int Count => Values.Count(value => value is not null);

    /// <summary>The mean over the seeds, oriented; NaN before the first.</summary>
    public double Mean => Values.Where(value => value is not null).Select(value => value!.Value).DefaultIfEmpty(double.NaN).Average();

    /// <summary>
    /// Half the width of the 95 % confidence interval of the mean by Student's t; NaN with fewer than two seeds or if a value is not
    /// finite.
    /// </summary>
    public double HalfWidth
    {
        get
        {
            var values = Values.Where(value => value is not null).Select(value => value!.Value).ToArray();
            return values.Length < 2 || !Array.TrueForAll(values, double.IsFinite) ? double.NaN
                : StudentT.InvCDF(0, 1, values.Length - 1, 0.975) * PairedDifference.Deviation(values) / Math.Sqrt(values.Length);
        }
    }

    /// <summary>The mean minus the value in the search: the selection bias of the search; negative if the mean is better.</summary>
    public double Shrinkage => Mean - First;
}

/// <summary>
/// The race of a confirmation (Maron and Moore 1994, with paired differences): a configuration is dropped when its mean is significantly
/// worse than that of the best one by Student's t. The error of 5 % is divided among the comparisons (Bonferroni), so that the true best is
/// dropped in at most 5 % of all confirmations.
/// </summary>
public sealed class ConfirmationRace
{
    private const double Error = 0.05;

    private ConfirmationRace(IReadOnlyList<ConfirmedRun> runs, int seeds) => (Runs, Seeds) = (runs, seeds);

    /// <summary>The configurations by mean: first those that can still be the best, and among these those with a result.</summary>
    public IReadOnlyList<ConfirmedRun> Runs { get; }

    /// <summary>The largest number of seeds per configuration.</summary>
    public int Seeds { get; }

    /// <summary>The configurations that are not significantly worse than the best; a single one is the best at 95 % confidence.</summary>
    public IReadOnlyList<ConfirmedRun> Best => [.. Runs.Where(run => run.Alive)];

    /// <summary>The race with the runs of the state.</summary>
    public static ConfirmationRace Of(SweepState state, Review review)
    {
        var values = review.Runs.ToDictionary(run => run, _ => new double?[review.Seeds]);
        foreach (var run in state.Runs)
            if (run is { Confirms: { } confirmed } && values.TryGetValue(confirmed, out var row) && run.Repeat < row.Length && ValueOf(run) is { } value)
                row[run.Repeat] = value;
        var runs = review.Runs.Select(run => new ConfirmedRun(run, state.Runs[run].Best, values[run])).ToArray();
        var created = state.Runs.Where(run => run.Confirms is not null && run.State != RunState.Stopped).Select(run => (run.Confirms!.Value, run.Repeat)).ToHashSet();
        return new ConfirmationRace(Drop(runs, review.Seeds), review.Seeds) { created = created, order = review.Runs };
    }

    private HashSet<(int Run, int Repeat)> created = [];
    private IReadOnlyList<int> order = [];

    /// <summary>
    /// The configuration and seed to train next, or null. All remaining configurations get seed after seed: the first three in parallel,
    /// each further seed when all runs of the previous one have ended.
    /// </summary>
    public (int Run, int Repeat)? Next()
    {
        var alive = order.Where(number => Runs.Any(run => run.Run == number && run.Alive)).ToArray();
        if (alive.Length < 2)
            return null;
        for (var repeat = 0; repeat < Seeds; repeat++)
        {
            if (repeat >= ConfirmSpec.MinSeeds && Runs.Any(run => run.Alive && run.Values[repeat - 1] is null))
                return null;
            foreach (var run in alive)
                if (!created.Contains((run, repeat)))
                    return (run, repeat);
        }
        return null;
    }

    private static double? ValueOf(SweepRun run) => run switch
    {
        { State: RunState.Finished } => run.Best,
        { State: RunState.Diverged or RunState.Failed } => double.PositiveInfinity,
        _ => null,
    };

    private static ConfirmedRun[] Drop(ConfirmedRun[] runs, int seeds)
    {
        // A configuration without results cannot lead. With equal means the one that was better in the search leads.
        var leader = runs.Where(run => run.Count > 0).MinBy(run => double.IsNaN(run.Mean) ? double.PositiveInfinity : run.Mean);
        var level = Error / Math.Max(1, (runs.Length - 1) * (seeds - ConfirmSpec.MinSeeds + 1));
        return [.. runs
            .Select(run => run with { Alive = leader is null || run == leader || !PairedDifference.IsWorse(run.Values, leader.Values, level) })
            .OrderByDescending(run => run.Alive).ThenBy(run => run.Count == 0).ThenBy(run => run.Mean)];
    }
}

/// <summary>Compares two configurations by their differences per seed, which removes the effect that a seed has on both.</summary>
public static class PairedDifference
{
    /// <summary>
    /// Whether the first is worse than the second at an error level, by a one-sided paired t-test. False with fewer than three pairs.
    /// </summary>
    public static bool IsWorse(IReadOnlyList<double?> one, IReadOnlyList<double?> other, double level)
    {
        var pairs = one.Zip(other).Where(pair => pair is { First: not null, Second: not null }).Select(pair => (One: pair.First!.Value, Other: pair.Second!.Value)).ToArray();
        if (pairs.Length < ConfirmSpec.MinSeeds)
            return false;
        // If exactly one of the two diverged with a seed, the one that diverged with more seeds is worse: a t-test cannot use infinite
        // values.
        if (pairs.Any(pair => double.IsInfinity(pair.One) != double.IsInfinity(pair.Other)))
            return pairs.Count(pair => double.IsInfinity(pair.One)) > pairs.Count(pair => double.IsInfinity(pair.Other));
        var differences = pairs.Where(pair => double.IsFinite(pair.One)).Select(pair => pair.One - pair.Other).ToArray();
        if (differences.Length < ConfirmSpec.MinSeeds)
            return false;
        var (mean, deviation) = (differences.Average(), Deviation(differences));
        return mean > 0 && mean > StudentT.InvCDF(0, 1, differences.Length - 1, 1 - level) * deviation / Math.Sqrt(differences.Length);
    }

    /// <summary>The sample standard deviation (n − 1) of at least two numbers.</summary>
    public static double Deviation(IReadOnlyCollection<double> values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
    }
}
