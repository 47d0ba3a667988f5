namespace Sweeps.Core.EarlyStopping;

/// <summary>
/// W&amp;B's <c>hyperband</c> (sweeps b1dfc5f; search-semantics 6): one bracket. At each report the run is held against the threshold of
/// the largest band it has passed, sorted(values at the band)[⌊n/eta⌋], with its value there (strict) or its best so far. Bands count
/// finite values.
/// </summary>
internal sealed class WandbBands(EarlyTermination.WandbHyperband spec, Objective objective, int most) : IPolicy
{
    private readonly RungLadder ladder = new(EarlyStopping.Rungs.Bands(spec.MinIter, spec.MaxIter, spec.S, spec.Eta, most));

    public IReadOnlyList<int> Rungs(SweepRun run) => ladder.Epochs;

    public Judgement OnReport(SweepRun run, int epoch, double value)
    {
        var finite = run.FiniteEpochs + (double.IsFinite(value) ? 1 : 0);
        var level = (ladder.Next(finite) ?? ladder.Epochs.Count) - 1;
        if (level < 0)
            return Judgement.Continue;
        var band = ladder.Epochs[level];
        var arrives = band == finite && double.IsFinite(value);
        var rung = ladder[level];
        var held = !spec.Strict ? Math.Min(run.Best, value) : arrives ? value : run.FiniteValue(band);
        var count = rung.Count + (arrives ? 1 : 0);
        var (better, threshold) = (rung.Better(held), (int)(count / spec.Eta));
        var cutoff = threshold < rung.Count ? rung[threshold].Value : double.PositiveInfinity;
        var reason = new Reason(
            "hyperband", band, null, better + 1, count, objective.AsReported(held), objective.AsReported(cutoff));
        return new Judgement(better > threshold ? Verdict.Stop : Verdict.Continue, reason);
    }

    public IEnumerable<RungView> View() => ladder.View(0, openWentOn: true);

    public void Ended(SweepRun run) => ladder.CloseStopped(run);

    public void Recorded(SweepRun run, int epoch, double value)
    {
        if (double.IsFinite(value))
            ladder.Add(run, run.FiniteEpochsUpTo(epoch), value, open: true);
    }
}
