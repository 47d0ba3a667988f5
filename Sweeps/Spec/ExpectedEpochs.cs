using Sweeps.Core;

namespace Sweeps.Spec;

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
    public static double PerRun(SweepSpec spec) => spec.EarlyTermination.FirstOrDefault(rule => rule.Ladder) switch
    {
        EarlyTermination.HyperbandBrackets(var first, var last, var eta) => Brackets(first, last, eta),
        { Geometry: var (first, last, eta) } => Ladder(first, Math.Min(last, spec.MaxEpochs), eta),
        EarlyTermination.WandbHyperband { MinIter: { } first } rule => Ladder(first, spec.MaxEpochs, rule.Eta),
        _ => spec.MaxEpochs,
    };

    // The first rung for all, then ever fewer: r + (rη − r)/η + (rη² − rη)/η² + …
    private static double Ladder(int first, int last, double eta)
    {
        var (cost, share) = ((double)Math.Min(first, last), 1.0);
        for (double rung = first; rung < last; rung *= eta)
        {
            share /= eta;
            cost += share * (Math.Min(rung * eta, last) - rung);
        }
        return cost;
    }

    private static double Brackets(int first, int last, int eta)
    {
        var (epochs, runs) = (0.0, 0.0);
        var rungs = 0;
        for (long p = first; p <= last / eta; p *= eta)
            rungs++;
        for (var s = rungs; s >= 0; s--)
        {
            var size = Math.Ceiling((rungs + 1) * Math.Pow(eta, s) / (s + 1));
            epochs += size * Ladder((int)Math.Max(first, last / Math.Pow(eta, s)), last, eta);
            runs += size;
        }
        return epochs / runs;
    }
}
