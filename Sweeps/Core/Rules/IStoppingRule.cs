namespace Sweeps.Core.Rules;

/// <summary>
/// A stopping rule in one sweep: what it answers to a report. It keeps an index over what the runs have reported; the index depends on the
/// set of these facts, not on their order, so that it can be rebuilt from the runs alone. Values are oriented (smaller is better) and never
/// NaN: a value that is not finite is +∞.
/// </summary>
public interface IStoppingRule
{
    /// <summary>
    /// The decision on a value that is not yet recorded. Not called at a run's last epoch. <see cref="RuleDecision.Continue"/> where the
    /// rule does not apply.
    /// </summary>
    RuleDecision OnReport(SweepRun run, int epoch, double value);

    /// <summary>A run was created.</summary>
    void Created(SweepRun run) { }

    /// <summary>A value was recorded.</summary>
    void Recorded(SweepRun run, int epoch, double value) { }

    /// <summary>A run has ended: finished, stopped, diverged or failed for good (<see cref="SweepRun.State"/>).</summary>
    void Ended(SweepRun run) { }
}

/// <summary>A verdict with its reason; <paramref name="Reason"/> may accompany <see cref="Verdict.Continue"/> too.</summary>
public readonly record struct RuleDecision(Verdict Verdict, Reason? Reason)
{
    /// <summary>The run goes on, for no reason of the rule.</summary>
    public static RuleDecision Continue => new(Verdict.Continue, null);
}
