namespace Sweeps.Core.Rules;

/// <summary>Synchronous successive halving and Hyperband (docs/rules.md 6).</summary>
/// <param name="MinIter">The smallest number of epochs r, at least 1.</param>
/// <param name="MaxIter">The last epoch R of a run.</param>
/// <param name="Eta">One in η continues, at least 2.</param>
/// <param name="AllBrackets">Whether all brackets are opened in turn (Hyperband), or only the one with the most runs.</param>
internal sealed record SuccessiveHalvingSpec(int MinIter, int MaxIter, int Eta, bool AllBrackets = false) : GeometricRuleSpec(MinIter, MaxIter, Eta)
{
    private const string Halving = "successive_halving", Hyperband = "hyperband_brackets";

    public static RuleDescriptor Descriptor { get; } = DescriptorOf((first, last, eta, _) => new SuccessiveHalvingSpec(first, last, eta), Halving);

    public static RuleDescriptor HyperbandDescriptor { get; } =
        DescriptorOf((first, last, eta, _) => new SuccessiveHalvingSpec(first, last, eta, AllBrackets: true), Hyperband);

    public override string Type => AllBrackets ? Hyperband : Halving;

    public override string Summary => AllBrackets ? $"{Type} η {Eta}, {MaxIter} epochs" : $"{Type} {string.Join(' ', Plan(MaxIter).Brackets[0].Levels)}";

    public override string Describe(int maxEpochs) => $"brackets of runs@epoch, {(AllBrackets ? "in turn" : "again and again")}";

    public override RungPlan Plan(int maxEpochs) => RungPlan.Synchronous(MinIter, MaxIter, Eta, AllBrackets);

    public override int? Quota(Reason reason) => reason.Cutoff is null ? null : Math.Max(1, reason.Count!.Value / Eta);

    public override IStoppingRule Create(RuleContext context) => new SuccessiveHalving(this, context);
}

/// <summary>
/// A free slot gets a run of the first bracket that is not full or has a run to promote; otherwise a new bracket is opened. With a
/// deterministic trainable, the result of a bracket does not depend on the number or the speed of slots.
/// </summary>
internal sealed class SuccessiveHalving(SuccessiveHalvingSpec spec, RuleContext context) : ILadder
{
    private readonly List<Bracket> brackets = [];
    private int firstOpen;

    public IReadOnlyList<int> Rungs(SweepRun run) => brackets[run.Bracket].Rungs.Epochs;

    public int Until(SweepRun run)
    {
        var rungs = brackets[run.Bracket].Rungs;
        return rungs.Above(run.Epoch) is { } level ? Math.Min(rungs.Epochs[level], run.MaxEpochs) : run.MaxEpochs;
    }

    public RuleDecision OnReport(SweepRun run, int epoch, double value)
    {
        var bracket = brackets[run.Bracket];
        if (bracket.Rungs.At(epoch) is not { } level)
            return RuleDecision.Continue;
        var arrived = bracket.Rungs[level];
        return new RuleDecision(Verdict.Pause, new Reason(
            spec.Type, epoch, run.Bracket, arrived.Rank(value, run.Number) + 1, arrived.Count + 1, context.Objective.AsReported(value), null,
            "waits until all runs of its bracket have arrived"));
    }

    public NextRun? Next(bool mayStart)
    {
        for (var index = firstOpen; index < brackets.Count; index++)
        {
            var bracket = brackets[index];
            if (bracket.LacksRuns && mayStart)
                return NextRun.New(index);
            for (var level = bracket.CompleteLevels(mayStart) - 1; level >= 0; level--)
                if (bracket.Promotable(level) is { } best)
                    return new NextRun(best.Run, index, Explain(index, level, best, "goes on"));
        }
        return mayStart ? NextRun.New(brackets.Count) : null;
    }

    public IReadOnlyList<Elimination> Eliminate(bool mayStart, Func<int> lowestActive)
    {
        List<Elimination>? eliminated = null;
        for (var index = firstOpen; index < brackets.Count; index++)
        {
            var bracket = brackets[index];
            var complete = bracket.CompleteLevels(mayStart);
            for (var level = 0; level < complete; level++)
                foreach (var loser in bracket.Eliminated(level))
                    (eliminated ??= []).Add(new Elimination(loser.Run, Explain(index, level, loser, "the others were better")));
            if (index == firstOpen && complete == bracket.Rungs.Epochs.Count && !(bracket.LacksRuns && mayStart) && bracket.Rungs.Open == 0)
                firstOpen++;
        }
        return eliminated ?? (IReadOnlyList<Elimination>)[];
    }

    public int? WaitingRung(SweepRun run) => brackets[run.Bracket].Rungs.At(run.Epoch) is null ? null : run.Epoch;

    public IEnumerable<RungView> View() => brackets.SelectMany((bracket, index) => bracket.Rungs.View(index));

    public void Created(SweepRun run)
    {
        while (brackets.Count <= run.Bracket)
            brackets.Add(new Bracket(context.Bracket(brackets.Count)));
        brackets[run.Bracket].Created();
    }

    public void Recorded(SweepRun run, int epoch, double value) => brackets[run.Bracket].Recorded(run, epoch, value);

    public void Promoted(SweepRun run) => brackets[run.Bracket].Promoted(run);

    public void Ended(SweepRun run) => brackets[run.Bracket].Ended(run);

    public bool CanResume(SweepRun run) => run.Until <= run.Epoch;

    private Reason Explain(int index, int level, RankedValue entry, string detail)
    {
        var (bracket, rung) = (brackets[index], brackets[index].Rungs[level]);
        return new Reason(
            spec.Type, bracket.Levels[level], index, entry.Rank + 1, rung.Count, context.Objective.AsReported(entry.Value),
            context.Objective.AsReported(rung[Math.Min(bracket.Quota(level), rung.Count) - 1].Value), detail);
    }

    /// <summary>
    /// One bracket. When all expected runs have arrived at a level, the best max(1, ⌊n/η⌋) of it continue. A run that ends before its next level
    /// arrives there with +∞.
    /// </summary>
    private sealed class Bracket(BracketPlan plan)
    {
        private readonly int[] promoted = new int[plan.Levels.Count - 1];
        private int created;

        /// <summary>The levels below the last, with the values that arrived.</summary>
        public RungTable Rungs { get; } = new([.. plan.Levels.SkipLast(1)]);

        /// <summary>All levels; runs finish at the last.</summary>
        public IReadOnlyList<int> Levels => plan.Levels;

        /// <summary>Whether another run can be added.</summary>
        public bool LacksRuns => created < plan.Size && (promoted.Length == 0 || promoted[0] == 0);

        /// <summary>The number of runs that continue past a level.</summary>
        public int Quota(int level) => Math.Max(1, Rungs[level].Count / plan.Eta);

        /// <summary>
        /// The number of levels, from the lowest, at which all expected runs have arrived. <paramref name="mayStart"/>: whether missing runs can
        /// still be created.
        /// </summary>
        public int CompleteLevels(bool mayStart)
        {
            if (created == 0 || (LacksRuns && mayStart))
                return 0;
            var expected = created;
            for (var level = 0; level < promoted.Length; level++)
            {
                if (Rungs[level].Count < expected)
                    return level;
                if (Promotable(level) is not null)
                    return level + 1;
                expected = promoted[level];
            }
            return promoted.Length;
        }

        /// <summary>The best run of a complete level that is not promoted yet but must be, or null.</summary>
        public RankedValue? Promotable(int level) =>
            Rungs[level].FirstOpen() is { } best && best.Rank < Quota(level) && double.IsFinite(best.Value) ? best : null;

        /// <summary>The waiting runs of a complete level that will not be promoted.</summary>
        public IEnumerable<RankedValue> Eliminated(int level) => Rungs[level].Open == 0 ? []
            : Rungs[level].OpenEntries().Where(entry => entry.Rank >= Quota(level) || !double.IsFinite(entry.Value));

        public void Created() => created++;

        public void Recorded(SweepRun run, int epoch, double value)
        {
            if (Rungs.At(epoch) is not { } level)
                return;
            Rungs[level].Add(value, run.Number, epoch < run.MaxEpochs && run.Until <= epoch);
            if (run.Until > epoch)
                promoted[level]++;
        }

        public void Promoted(SweepRun run)
        {
            Rungs.Close(run);
            if (Rungs.At(run.Epoch) is { } level)
                promoted[level]++;
        }

        public void Ended(SweepRun run)
        {
            if (run.Until <= run.Epoch)
                Rungs.Close(run);
            else if (Rungs.Above(run.Epoch) is { } level)
                Rungs[level].Add(double.PositiveInfinity, run.Number, open: false);
        }
    }
}
