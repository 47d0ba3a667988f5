namespace Sweeps.Core.EarlyStopping;

/// <summary>
/// ASHA by promotion (Li et al., "A System for Massively Parallel Hyperparameter Tuning", 2018, algorithm 2; search-semantics 4). A run
/// pauses at each rung r, rη, rη², … below R. A free slot promotes, from the highest rung down, the best run that is among the best ⌊n/η⌋
/// of its rung and has not been promoted from it; where there is none, it starts a new run.
/// </summary>
internal sealed class AshaPromotion(EarlyTermination.Asha spec, Objective objective) : IPolicy
{
    private readonly RungLadder ladder = new(EarlyStopping.Rungs.Geometric(spec.MinIter, spec.MaxIter, spec.Eta));

    public IReadOnlyList<int> Rungs(SweepRun run) => ladder.Epochs;

    public int Until(SweepRun run) => ladder.Next(run.Epoch) is { } level ? Math.Min(ladder.Epochs[level], run.MaxEpochs) : run.MaxEpochs;

    public Judgement OnReport(SweepRun run, int epoch, double value)
    {
        if (ladder.At(epoch) is not { } level)
            return Judgement.Continue;
        var rung = ladder[level];
        return new Judgement(Verdict.Pause, Explain(level, rung.Rank(value, run.Number), rung.Count + 1, value, "waits to be promoted"));
    }

    public Job? NextJob(bool mayStart)
    {
        for (var level = ladder.Epochs.Count - 1; level >= 0; level--)
            if (Promotable(level) is { } best)
                return new Job(best.Run, 0, Explain(level, best.Rank, ladder[level].Count, best.Value, "promoted"));
        return mayStart ? Job.Start(0) : null;
    }

    /// <summary>
    /// A rung is closed when no run can arrive at it any more: no new runs, and nobody below who trains or could be promoted. What waits in
    /// a closed rung never will be promoted.
    /// </summary>
    public IReadOnlyList<GivenUp> GiveUp(bool mayStart, Func<int> lowestActive)
    {
        if (mayStart || ladder.Epochs.Count == 0 || ladder.Open == 0)
            return [];
        var givenUp = new List<GivenUp>();
        var lowest = lowestActive();
        for (var level = 0; level < ladder.Epochs.Count && lowest >= ladder.Epochs[level] && Promotable(level) is null; level++)
            foreach (var entry in ladder[level].OpenEntries())
                givenUp.Add(new GivenUp(
                    entry.Run, Explain(level, entry.Rank, ladder[level].Count, entry.Value, "nobody can arrive at this rung any more")));
        return givenUp;
    }

    public int? Standing(SweepRun run) => ladder.Standing(run.Epoch) is { } level ? ladder.Epochs[level] : null;

    public IEnumerable<RungView> View() => ladder.View(0);

    public void Recorded(SweepRun run, int epoch, double value) =>
        ladder.Add(run, epoch, value, epoch < run.MaxEpochs && run.Until <= epoch);

    public void Promoted(SweepRun run) => ladder.Close(run);

    public void Ended(SweepRun run)
    {
        ladder.Close(run);
        ladder.AddFailure(run);
    }

    private RankedValue? Promotable(int level) =>
        ladder[level].FirstOpen() is { } best && best.Rank < ladder[level].Count / spec.Eta && double.IsFinite(best.Value) ? best : null;

    private Reason Explain(int level, int rank, int count, double value, string detail)
    {
        var best = ladder[level].Count / spec.Eta;
        double? cutoff = best == 0 ? null : objective.AsReported(ladder[level][best - 1].Value);
        return new Reason("asha", ladder.Epochs[level], null, rank + 1, count, objective.AsReported(value), cutoff, detail);
    }
}
