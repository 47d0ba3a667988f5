using Sweeps.Core;
using Sweeps.Core.EarlyStopping;
using Sweeps.Core.Space;
using Ladder = Sweeps.Core.EarlyStopping.Rungs;

namespace Sweeps.Spec;

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
        var last = Math.Min(spec.MaxEpochs, spec.EarlyTermination.LastEpoch());
        if (runs > long.MaxValue / last)
            return null;
        var alike = spec.EpochsParameter is not { } name || spec.Space.Find(name) is { Distribution: Constant };
        if (spec.EarlyTermination.FirstOrDefault(LadderHistory.Synchronous) is { } synchronous)
        {
            var full = alike && spec.MaxEpochs >= spec.EarlyTermination.LastEpoch();
            return new EpochCost(Brackets(synchronous, runs), full && spec.EarlyTermination.Count == 1);
        }
        return new EpochCost(runs * last, alike && spec.EarlyTermination.Count == 0);
    }

    /// <summary>Every bracket in turn until the runs are used up; the last one is halved with what it has.</summary>
    private static long Brackets(EarlyTermination rule, long runs)
    {
        var (first, last, eta) = rule.Geometry!.Value;
        var most = Ladder.Exponent(last / first, eta);
        var turn = rule is EarlyTermination.SuccessiveHalving ? [most] : Enumerable.Range(0, most + 1).Select(skipped => most - skipped).ToArray();
        var round = turn.Sum(s => (long)Ladder.BracketSize(most, eta, s));
        var epochs = runs / round * turn.Sum(s => One(s, Ladder.BracketSize(most, eta, s)));
        var left = runs % round;
        foreach (var s in turn)
        {
            var size = Math.Min(left, Ladder.BracketSize(most, eta, s));
            epochs += One(s, size);
            left -= size;
        }
        return epochs;

        long One(int s, long size)
        {
            var (cost, before) = (0L, 0);
            foreach (var level in size > 0 ? Ladder.Levels(first, last, eta, s) : [])
            {
                cost += size * (level - before);
                (before, size) = (level, Math.Max(1, size / eta));
            }
            return cost;
        }
    }
}
