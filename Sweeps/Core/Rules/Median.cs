namespace Sweeps.Core.Rules;

/// <summary>Median stopping (docs/rules.md 7).</summary>
/// <param name="MinIter">The first epoch at which the rule applies.</param>
/// <param name="MinRuns">The number of completed runs that the rule needs.</param>
internal sealed record MedianSpec(int MinIter, int MinRuns) : RuleSpec
{
    private const string Name = "median";

    public static RuleDescriptor Descriptor { get; } = new(
        section => new MedianSpec(section.TakeEpochs("min_iter") ?? 5, section.TakeEpochs("min_runs") ?? 5), Name);

    public override string Type => Name;

    public override string Describe(int maxEpochs) => $"from epoch {MinIter}, once {MinRuns} runs have completed: worse than their median";

    public override IStoppingRule Create(RuleContext context) => new Median(this, context.Objective);
}

/// <summary>
/// From epoch min_iter on, stops a run at epoch e if its best value is strictly worse than the median of the completed runs' means over their
/// first e values.
/// </summary>
internal sealed class Median(MedianSpec spec, Objective objective) : IStoppingRule
{
    /// <summary>Means of the first e values of completed runs, for e from min_iter on.</summary>
    private readonly List<RankedValues> means = [];
    private int completed;

    public RuleDecision OnReport(SweepRun run, int epoch, double value)
    {
        var index = epoch - spec.MinIter;
        if (index < 0 || completed < spec.MinRuns || index >= means.Count)
            return RuleDecision.Continue;
        var best = Math.Min(run.Best, value);
        var ranked = means[index];
        var middle = (ranked.Count - 1) / 2;
        var median = ranked.Count % 2 == 1 ? ranked[middle].Value : (ranked[middle].Value + ranked[middle + 1].Value) / 2;
        var reason = new Reason(
            spec.Type, epoch, null, ranked.Better(best) + 1, ranked.Count + 1, objective.AsReported(best), objective.AsReported(median));
        return new RuleDecision(best > median ? Verdict.Stop : Verdict.Continue, reason);
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
