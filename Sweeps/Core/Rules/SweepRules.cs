namespace Sweeps.Core.Rules;

/// <summary>
/// All rules of a sweep. The ladder decides which run a slot trains. Every rule may stop a run; the first rule that stops it gives the
/// reason.
/// </summary>
internal sealed class SweepRules
{
    private readonly List<IStoppingRule> all;

    /// <summary>The rules of a sweep file.</summary>
    /// <param name="spec">The sweep file.</param>
    /// <param name="brackets">The synchronous rules so far, including that of <paramref name="spec"/>.</param>
    public SweepRules(SweepSpec spec, BracketHistory brackets)
    {
        var context = new RuleContext(spec.Objective, spec.MaxEpochs, brackets.PlanOf);
        var rules = spec.Rules.Select(rule => rule.Create(context)).ToList();
        Ladder = rules.OfType<ILadder>().FirstOrDefault() ?? new NoLadder();
        all = [Ladder, .. rules.Where(rule => rule is not ILadder)];
    }

    /// <summary>The rule with rungs; without one, a ladder without rungs on which every run trains to its last epoch.</summary>
    public ILadder Ladder { get; }

    /// <summary>The decision of all rules on a value that is not yet recorded. Not called at a run's last epoch.</summary>
    public RuleDecision OnReport(SweepRun run, int epoch, double value)
    {
        var answer = RuleDecision.Continue;
        foreach (var rule in all)
        {
            var decision = rule.OnReport(run, epoch, value);
            if (decision.Verdict == Verdict.Stop)
                return decision;
            if (decision.Verdict == Verdict.Pause || answer.Reason is null)
                answer = decision;
        }
        return answer;
    }

    public void Created(SweepRun run)
    {
        foreach (var rule in all)
            rule.Created(run);
    }

    public void Recorded(SweepRun run, int epoch, double value)
    {
        foreach (var rule in all)
            rule.Recorded(run, epoch, value);
    }

    public void Ended(SweepRun run)
    {
        foreach (var rule in all)
            rule.Ended(run);
    }

    private sealed class NoLadder : ILadder
    {
        public IReadOnlyList<int> Rungs(SweepRun run) => [];

        public RuleDecision OnReport(SweepRun run, int epoch, double value) => RuleDecision.Continue;

        public IEnumerable<RungView> View() => [];
    }
}

/// <summary>
/// The synchronous rules of a sweep over time. A bracket keeps the rule under which it was opened when the sweep file changes. Asynchronous
/// rules need no history: their rungs are rebuilt from the learning curves.
/// </summary>
internal sealed class BracketHistory
{
    private readonly List<(int FirstBracket, SuccessiveHalvingSpec Rule)> rules = [];

    /// <summary>
    /// The plan of a bracket. Throws <see cref="InvalidOperationException"/> if the sweep had no synchronous rule for it.
    /// </summary>
    public BracketPlan PlanOf(int bracket)
    {
        var (firstBracket, rule) = rules.Last(rule => rule.FirstBracket <= bracket);
        var turn = rule.Plan(rule.MaxIter).Brackets;
        return turn[(bracket - firstBracket) % turn.Count];
    }

    /// <summary>
    /// Uses the rule for brackets from <paramref name="firstBracket"/> on. Null, for a sweep without a synchronous rule, changes nothing.
    /// </summary>
    public void Use(SuccessiveHalvingSpec? rule, int firstBracket)
    {
        if (rule is null || (rules.Count > 0 && rules[^1].Rule == rule))
            return;
        rules.RemoveAll(earlier => earlier.FirstBracket >= firstBracket);
        rules.Add((firstBracket, rule));
    }

    public void Write(StateWriter writer)
    {
        writer.Number(rules.Count);
        foreach (var (firstBracket, rule) in rules)
        {
            writer.Number(firstBracket);
            writer.Flag(rule.AllBrackets);
            writer.Number(rule.MinIter);
            writer.Number(rule.MaxIter);
            writer.Number(rule.Eta);
        }
    }

    public void Read(StateReader reader)
    {
        for (var left = reader.Int(); left > 0; left--)
        {
            var (firstBracket, all) = (reader.Int(), reader.Flag());
            var rule = new SuccessiveHalvingSpec(reader.Int(), reader.Int(), reader.Int(), all);
            // With a smaller η the computation of the brackets would not end.
            if (rule is not { MinIter: >= 1, Eta: >= 2 })
                throw new FormatException($"The snapshot is damaged: it has a rule with min_iter {rule.MinIter} and eta {rule.Eta}.");
            rules.Add((firstBracket, rule));
        }
    }
}
