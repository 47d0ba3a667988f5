namespace Sweeps.Core.EarlyStopping;

/// <summary>
/// Median stopping (Golovin et al., "Google Vizier", 2017, 3.2.2; search-semantics 8): from epoch min_iter on, a run whose best value so
/// far is strictly worse than the median, over the completed runs, of the mean of their first e values, is stopped.
/// </summary>
internal sealed class MedianStopping(EarlyTermination.Median spec, Objective objective) : IPolicy
{
    /// <summary>Means of the first e values of completed runs, for e from min_iter on: earlier ones are never asked for.</summary>
    private readonly List<RankedValues> means = [];
    private int completed;

    public Judgement OnReport(SweepRun run, int epoch, double value)
    {
        var index = epoch - spec.MinIter;
        if (index < 0 || completed < spec.MinRuns || index >= means.Count)
            return Judgement.Continue;
        var best = Math.Min(run.Best, value);
        var ranked = means[index];
        var middle = (ranked.Count - 1) / 2;
        var median = ranked.Count % 2 == 1 ? ranked[middle].Value : (ranked[middle].Value + ranked[middle + 1].Value) / 2;
        var reason = new Reason(
            "median", epoch, null, ranked.Better(best) + 1, ranked.Count + 1, objective.AsReported(best), objective.AsReported(median));
        return new Judgement(best > median ? Verdict.Stop : Verdict.Continue, reason);
    }

    public void Ended(SweepRun run)
    {
        if (run.State != RunState.Finished)
            return;
        completed++;
        var sum = 0.0;
        for (var epoch = 1; epoch <= run.Epoch; epoch++)
        {
            sum += run.ValueAt(epoch);
            if (epoch < spec.MinIter)
                continue;
            if (means.Count <= epoch - spec.MinIter)
                means.Add(new RankedValues());
            means[epoch - spec.MinIter].Add(sum / epoch, run.Number);
        }
    }
}
