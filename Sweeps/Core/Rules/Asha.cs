namespace Sweeps.Core.Rules;

/// <summary>ASHA by promotion (docs/rules.md 3): runs pause at each rung until they are promoted.</summary>
/// <param name="MinIter">The first rung r, at least 1.</param>
/// <param name="MaxIter">The last epoch R of a run.</param>
/// <param name="Eta">One run in η is promoted; at least 2.</param>
internal sealed record AshaSpec(int MinIter, int MaxIter, int Eta) : GeometricRuleSpec(MinIter, MaxIter, Eta)
{
    internal const string Name = "asha";

    public static RuleDescriptor Descriptor { get; } = DescriptorOf((first, last, eta, _) => new AshaSpec(first, last, eta), Name, "asha_promotion");

    public override string Type => Name;

    public override string Summary => $"{Type} {RungsAndLast}";

    public override string Describe(int maxEpochs) => $"runs wait at epochs {Plan(maxEpochs).List(maxEpochs)}; the best 1 in {Eta} of each goes on";

    public override int? Quota(Reason reason) => reason.Count / Eta;

    public override IStoppingRule Create(RuleContext context) => new Asha(this, context.Objective);
}

/// <summary>
/// A run pauses at each rung below R. A free slot gets the best run that is among the best ⌊n/η⌋ of its rung and was not promoted from it,
/// searched from the highest rung down; without such a run, a new run.
/// </summary>
internal sealed class Asha(AshaSpec spec, Objective objective) : ILadder
{
    private readonly RungTable ladder = new(spec.Plan(int.MaxValue).Rungs);

    public IReadOnlyList<int> Rungs(SweepRun run) => ladder.Epochs;

    public int Until(SweepRun run) => ladder.Above(run.Epoch) is { } level ? Math.Min(ladder.Epochs[level], run.MaxEpochs) : run.MaxEpochs;

    public RuleDecision OnReport(SweepRun run, int epoch, double value)
    {
        if (ladder.At(epoch) is not { } level)
            return RuleDecision.Continue;
        var rung = ladder[level];
        return new RuleDecision(Verdict.Pause, Explain(level, rung.Rank(value, run.Number), rung.Count + 1, value, "waits to be promoted"));
    }

    public NextRun? Next(bool mayStart)
    {
        for (var level = ladder.Epochs.Count - 1; level >= 0; level--)
            if (Promotable(level) is { } best)
                return new NextRun(best.Run, 0, Explain(level, best.Rank, ladder[level].Count, best.Value, "promoted"));
        return mayStart ? NextRun.New(0) : null;
    }

    /// <summary>
    /// A rung is final when no further run can arrive at it: no new run can be created, and no run below it is active or can be promoted.
    /// Runs that wait at a final rung can never be promoted.
    /// </summary>
    public IReadOnlyList<Elimination> Eliminate(bool mayStart, Func<int> lowestActive)
    {
        if (mayStart || ladder.Epochs.Count == 0 || ladder.Open == 0)
            return [];
        var eliminated = new List<Elimination>();
        var lowest = lowestActive();
        for (var level = 0; level < ladder.Epochs.Count && lowest >= ladder.Epochs[level] && Promotable(level) is null; level++)
            foreach (var entry in ladder[level].OpenEntries())
                eliminated.Add(new Elimination(
                    entry.Run, Explain(level, entry.Rank, ladder[level].Count, entry.Value, "no further run can arrive at this rung")));
        return eliminated;
    }

    public int? WaitingRung(SweepRun run) => ladder.AtOrBelow(run.Epoch) is { } level ? ladder.Epochs[level] : null;

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
        return new Reason(AshaSpec.Name, ladder.Epochs[level], null, rank + 1, count, objective.AsReported(value), cutoff, detail);
    }
}
