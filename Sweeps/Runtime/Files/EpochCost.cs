using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Core.Space;

namespace Sweeps.Files;

/// <summary>An upper bound of the epochs that a sweep trains.</summary>
/// <param name="Epochs">The bound.</param>
/// <param name="Exact">
/// Whether the sweep trains exactly this number unless a run fails or diverges, as with synchronous brackets, without rules, or with a budget
/// that is always used up. False if the number depends on results.
/// </param>
public sealed record EpochCost(long Epochs, bool Exact)
{
    /// <summary>The cost of a sweep; null if it is unlimited.</summary>
    /// <param name="spec">The sweep.</param>
    /// <param name="runs">The maximum number of runs; null if it is unlimited.</param>
    /// <param name="counted">Whether the number of runs takes constraints and equal configurations into account.</param>
    public static EpochCost? Of(SweepSpec spec, long? runs, bool counted = false)
    {
        var open = spec.Objective.Target is not null || spec.Budget.WallTime is not null || (spec.Constraints.Count > 0 && !counted);
        var plan = runs is { } count ? Plan(spec, count) : null;
        var cost = (plan, spec.Budget.Epochs) switch
        {
            ({ } all, { } budget) when budget < all.Epochs => all with { Epochs = budget },
            (null, { } budget) => new EpochCost(budget, Exact: runs is null),
            _ => plan,
        };
        // A point of the grid that is also enqueued runs only once, so fewer epochs may be trained.
        return cost is null ? null : cost with { Exact = cost.Exact && !open && (counted || spec.Method != SearchMethod.Grid || spec.Enqueue.Count == 0) };
    }

    private static EpochCost? Plan(SweepSpec spec, long runs)
    {
        var last = Math.Min(spec.MaxEpochs, spec.LastEpoch);
        if (spec.OpenEnded || runs > long.MaxValue / last)
            return null;
        var alike = spec.EpochsParameter is not { } name || spec.Space.Find(name) is { Distribution: Constant };
        if (spec.Rules.Select(rule => rule.Plan(spec.MaxEpochs)).FirstOrDefault(plan => plan is { Brackets.Count: > 0 }) is { } synchronous)
            return new EpochCost(synchronous.Epochs(runs), alike && spec.MaxEpochs >= spec.LastEpoch && spec.Rules.Count == 1);
        return new EpochCost(runs * last, alike && spec.Rules.Count == 0);
    }
}

/// <summary>Estimates the epochs of a sweep, for progress and time left, under the assumption that every rung promotes its nominal share of runs.</summary>
public static class ExpectedEpochs
{
    /// <summary>The expected epochs of <paramref name="runs"/> runs; null if neither the runs nor the epochs are limited.</summary>
    public static long? Of(SweepSpec spec, int? runs)
    {
        var limit = spec.Budget.Epochs;
        if (runs is not { } n || spec.OpenEnded)
            return limit;
        var all = (long)Math.Ceiling(n * PerRun(spec));
        return limit is { } budget ? Math.Min(budget, all) : all;
    }

    private static double PerRun(SweepSpec spec) =>
        spec.Rules.Select(rule => rule.Plan(spec.MaxEpochs)).FirstOrDefault(plan => plan is not null)?.EpochsPerRun(Math.Min(spec.MaxEpochs, spec.LastEpoch))
        ?? spec.MaxEpochs;
}
