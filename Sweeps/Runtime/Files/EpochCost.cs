using Sweeps.Core;
using Sweeps.Core.Space;

namespace Sweeps.Files;

/// <summary>How many epochs a sweep trains.</summary>
/// <param name="Epochs">The most there can be.</param>
/// <param name="Exact">
/// Whether it is this number whatever the results are, as long as no run fails or diverges: synchronous brackets, runs of which none is
/// stopped, a budget that is always used up. False where the rules decide by results how many epochs there are.
/// </param>
public sealed record EpochCost(long Epochs, bool Exact)
{
    /// <summary>The cost of a sweep of so many runs, or null when nothing limits it.</summary>
    /// <param name="spec">What the file says.</param>
    /// <param name="runs">The most runs there can be, or null when nothing limits them.</param>
    public static EpochCost? Of(SweepSpec spec, long? runs)
    {
        var open = spec.Objective.Target is not null || spec.Budget.WallTime is not null || spec.Constraints.Count > 0;
        var plan = runs is { } count ? Plan(spec, count) : null;
        var cost = (plan, spec.Budget.Epochs) switch
        {
            ({ } all, { } budget) when budget < all.Epochs => all with { Epochs = budget },
            (null, { } budget) => new EpochCost(budget, Exact: runs is null),
            _ => plan,
        };
        // Points of a grid that are enqueued too are run once.
        return cost is null ? null : cost with { Exact = cost.Exact && !open && !(spec.Method == SearchMethod.Grid && spec.Enqueue.Count > 0) };
    }

    private static EpochCost? Plan(SweepSpec spec, long runs)
    {
        var last = Math.Min(spec.MaxEpochs, spec.LastEpoch);
        if (runs > long.MaxValue / last)
            return null;
        var alike = spec.EpochsParameter is not { } name || spec.Space.Find(name) is { Distribution: Constant };
        if (spec.Rules.Select(rule => rule.Plan(spec.MaxEpochs)).FirstOrDefault(plan => plan is { Brackets.Count: > 0 }) is { } synchronous)
            return new EpochCost(synchronous.Epochs(runs), alike && spec.MaxEpochs >= spec.LastEpoch && spec.Rules.Count == 1);
        return new EpochCost(runs * last, alike && spec.Rules.Count == 0);
    }
}
