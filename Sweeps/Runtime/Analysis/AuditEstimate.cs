using MathNet.Numerics.Distributions;
using Sweeps.Core;

namespace Sweeps.Analysis;

/// <summary>
/// Estimates what early stopping lost from an audit (<see cref="SteerAction.Audit"/>), which trains a random sample of the stopped runs to their last
/// epoch: how many stopped runs would have become better than the best run, and how many better than the best run of the sample. A sample
/// gives no bound for the best value of all stopped runs: that run is in the sample only with probability n/N.
/// </summary>
/// <param name="Stopped">N, the number of stopped runs.</param>
/// <param name="Finished">n, the number of them that the audit trained to the end.</param>
/// <param name="Better">How many of the n became better than the best run before the audit.</param>
/// <param name="FewestBetter">The lower end of the 95 % confidence interval for the number of the N that would have become better.</param>
/// <param name="MostBetter">The upper end of this interval.</param>
/// <param name="Loss">The difference between the best value before the audit and the best of the n, at least 0, in the unit of the objective.</param>
/// <param name="MostBeyond">
/// The upper 95 % limit of the number of the N that would have become better than the best of the n. If it is 0, <paramref name="Loss"/> is the whole loss.
/// </param>
public sealed record AuditEstimate(int Stopped, int Finished, int Better, int FewestBetter, int MostBetter, double Loss, int MostBeyond)
{
    private const double Tail = 0.025, UpperTail = 0.05;

    /// <summary>The estimate; null if there was no audit or while none of its runs has ended.</summary>
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
    /// The exact 95 % confidence interval (Buonaccorsi 1987) for the number of better runs among <paramref name="all"/>, when a sample of
    /// <paramref name="drawn"/> without replacement has <paramref name="found"/>: the numbers for which P(X ≤ found) and P(X ≥ found) are both at least 2.5 %.
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
    /// The smallest M for which a sample of <paramref name="drawn"/> misses all of the best M + 1 of <paramref name="all"/> with a probability of at
    /// most 5 %. It follows from the order statistics of a sample without replacement and holds for every distribution of the values.
    /// </summary>
    internal static int Beyond(int all, int drawn)
    {
        var (beyond, missing) = (0, (double)(all - drawn) / all);
        for (; missing > UpperTail; beyond++)
            missing *= (double)(all - drawn - beyond - 1) / (all - beyond - 1);
        return beyond;
    }
}
