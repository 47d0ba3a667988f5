using MathNet.Numerics.Distributions;
using Sweeps.Core;

namespace Sweeps.Analysis;

/// <summary>
/// What early stopping lost, estimated from a random sample of the stopped runs that were trained to their last epoch (<see cref="SteerAction.Audit"/>):
/// how many stopped runs would have become better than the best, and how many better still than the best of the sample. The best value of all of
/// them has no such bound: it is in the sample with probability n/N only.
/// </summary>
/// <param name="Stopped">N, the number of stopped runs.</param>
/// <param name="Finished">n, how many of them were trained to the end.</param>
/// <param name="Better">How many of these became better than the best before.</param>
/// <param name="FewestBetter">The lower end of the 95 % interval of how many of the N would have.</param>
/// <param name="MostBetter">The upper end.</param>
/// <param name="Loss">How much better the best of the n is than the best before, at least 0: the loss that was found.</param>
/// <param name="MostBeyond">
/// The upper 95 % limit of how many of the N would have become better than the best of the n. 0: <paramref name="Loss"/> is all that was lost.
/// </param>
public sealed record AuditEstimate(int Stopped, int Finished, int Better, int FewestBetter, int MostBetter, double Loss, int MostBeyond)
{
    private const double Tail = 0.025, UpperTail = 0.05;

    /// <summary>The estimate after an audit, or null while none of its runs has ended.</summary>
    public static AuditEstimate? Of(SweepState state)
    {
        if (state.Audit is not { } audit)
            return null;
        var sampled = audit.Runs.ToHashSet();
        var ended = audit.Runs.Select(run => state.Runs[run]).Where(run => run.State is RunState.Finished or RunState.Diverged or RunState.Failed).ToArray();
        if (ended.Length == 0)
            return null;
        var all = state.StoppedEarly.Count(run => !sampled.Contains(run.Number)) + ended.Length;
        var better = ended.Count(run => run.Best < audit.Best);
        var (fewest, most) = Interval(all, ended.Length, better);
        return new AuditEstimate(all, ended.Length, better, fewest, most, better > 0 ? audit.Best - ended.Min(run => run.Best) : 0, Beyond(all, ended.Length));
    }

    /// <summary>
    /// The exact 95 % interval of how many of <paramref name="all"/> are better when <paramref name="found"/> of <paramref name="drawn"/>, drawn without
    /// replacement, are: those numbers under which neither so few nor so many have a probability below 2.5 % (Buonaccorsi 1987).
    /// </summary>
    internal static (int Fewest, int Most) Interval(int all, int drawn, int found)
    {
        var possible = Enumerable.Range(found, all - drawn + 1).Where(better =>
        {
            var draws = new Hypergeometric(all, better, drawn);
            return draws.CumulativeDistribution(found) >= Tail && (found == 0 || 1 - draws.CumulativeDistribution(found - 1) >= Tail);
        }).ToArray();
        return (possible[0], possible[^1]);
    }

    /// <summary>
    /// The least M for which the best M + 1 of <paramref name="all"/> are all missing from a sample of <paramref name="drawn"/> with a probability of
    /// at most 5 %: the order statistics of a sample without replacement, whatever the distribution of the values.
    /// </summary>
    internal static int Beyond(int all, int drawn)
    {
        var (beyond, missing) = (0, (double)(all - drawn) / all);
        for (; missing > UpperTail; beyond++)
            missing *= (double)(all - drawn - beyond - 1) / (all - beyond - 1);
        return beyond;
    }
}
