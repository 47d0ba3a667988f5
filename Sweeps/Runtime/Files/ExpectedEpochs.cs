using Sweeps.Core;

namespace Sweeps.Files;

/// <summary>What a sweep will cost if every rung keeps its share: an estimate for progress and time left, not a bound.</summary>
public static class ExpectedEpochs
{
    /// <summary>The epochs of <paramref name="runs"/> runs, or null when that is not known.</summary>
    public static long? Of(SweepSpec spec, int? runs)
    {
        var limit = spec.Budget.Epochs;
        if (runs is not { } n)
            return limit;
        var all = (long)Math.Ceiling(n * PerRun(spec));
        return limit is { } budget ? Math.Min(budget, all) : all;
    }

    /// <summary>The mean epochs of a run.</summary>
    private static double PerRun(SweepSpec spec) =>
        spec.Rules.Select(rule => rule.Plan(spec.MaxEpochs)).FirstOrDefault(plan => plan is not null)?.EpochsPerRun(Math.Min(spec.MaxEpochs, spec.LastEpoch))
        ?? spec.MaxEpochs;
}
