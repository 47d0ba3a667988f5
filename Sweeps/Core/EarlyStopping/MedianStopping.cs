namespace Sweeps.Core.EarlyStopping;

/// <summary>
/// Median stopping (Golovin et al., "Google Vizier", 2017, 3.2.2; search-semantics 8): from epoch min_iter on, a run whose best value so
/// far is strictly worse than the median, over the completed runs, of the mean of their first e values, is stopped.
/// </summary>
internal sealed class MedianStopping(EarlyTermination.Median spec, Objective objective) : IPolicy
{
    private readonly List<RankedValues> means = [];
    private int completed;

    public Judgement OnReport(SweepRun run, int epoch, double value)
    {
        if (epoch < spec.MinIter || completed < spec.MinRuns || epoch > means.Count || means[epoch - 1].Count == 0)
            return Judgement.Continue;
        var best = Math.Min(run.Best, value);
        var ranked = means[epoch - 1];
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
            if (means.Count < epoch)
                means.Add(new RankedValues());
            sum += run.ValueAt(epoch);
            means[epoch - 1].Add(sum / epoch, run.Number);
        }
    }
}
