namespace Sweeps.Core.Rules;

/// <summary>
/// All rules of a sweep: the ladder, if there is one, decides about work; every rule may stop a run, and the first that does is the reason.
/// </summary>
internal sealed class SweepRules
{
    private readonly List<IStoppingRule> all;

    /// <summary>The rules of a sweep file.</summary>
    /// <param name="spec">The sweep file.</param>
    /// <param name="brackets">The synchronous rules that the sweep has had, the one of <paramref name="spec"/> included.</param>
    public SweepRules(SweepSpec spec, BracketHistory brackets)
    {
        var context = new RuleContext(spec.Objective, spec.MaxEpochs, brackets.PlanOf);
        var rules = spec.Rules.Select(rule => rule.Create(context)).ToList();
        Ladder = rules.OfType<ILadder>().FirstOrDefault() ?? new NoLadder();
        all = [Ladder, .. rules.Where(rule => rule is not ILadder)];
    }

    /// <summary>The rule with rungs, or one that lets every run train to its end.</summary>
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
