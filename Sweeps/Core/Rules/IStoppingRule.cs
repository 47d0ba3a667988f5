namespace Sweeps.Core.Rules;

/// <summary>
/// A stopping rule of one sweep. It keeps an index of the reported values that must not depend on their order, so that it can be rebuilt
/// from the runs of a snapshot. Values are oriented (smaller is better) and never NaN: a value that is not finite is +∞.
/// </summary>
public interface IStoppingRule
{
    /// <summary>
    /// Decides on a value that is not yet recorded. Not called at a run's last epoch. Returns <see cref="RuleDecision.Continue"/> if the
    /// rule does not apply.
    /// </summary>
    RuleDecision OnReport(SweepRun run, int epoch, double value);

    void Created(SweepRun run) { }

    void Recorded(SweepRun run, int epoch, double value) { }

    /// <summary>A run has ended: finished, stopped, diverged or failed permanently (<see cref="SweepRun.State"/>).</summary>
    void Ended(SweepRun run) { }
}

/// <summary>A verdict with its reason; <paramref name="Reason"/> may accompany <see cref="Verdict.Continue"/> too.</summary>
public readonly record struct RuleDecision(Verdict Verdict, Reason? Reason)
{
    /// <summary>The run continues; the rule gives no reason.</summary>
    public static RuleDecision Continue => new(Verdict.Continue, null);
}

/// <summary>A stopping rule with rungs. It also decides where runs pause and which run a free slot trains next.</summary>
public interface ILadder : IStoppingRule
{
    /// <summary>Epochs below the run's last, ascending, after which the node must wait for the verdict.</summary>
    IReadOnlyList<int> Rungs(SweepRun run);

    /// <summary>The last epoch of the run's next assignment.</summary>
    int Until(SweepRun run) => run.MaxEpochs;

    /// <summary>The run that a free slot trains next, or null to wait.</summary>
    /// <param name="mayStart">Whether a new run could be created.</param>
    NextRun? Next(bool mayStart) => mayStart ? NextRun.New(0) : null;

    /// <summary>Paused runs that can never be promoted.</summary>
    /// <param name="mayStart">Whether a new run could be created.</param>
    /// <param name="lowestActive">
    /// Returns the lowest epoch of the runs that train or wait for a slot, or <see cref="int.MaxValue"/>. O(active runs).
    /// </param>
    IReadOnlyList<Elimination> Eliminate(bool mayStart, Func<int> lowestActive) => [];

    /// <summary>Whether a person may promote a run that was stopped.</summary>
    bool CanResume(SweepRun run) => true;

    /// <summary>The rung at which a paused run waits for promotion, or null for rules without promotion.</summary>
    int? WaitingRung(SweepRun run) => null;

    IEnumerable<RungView> View();

    /// <summary>A run was promoted past the rung at which it waits (<see cref="SweepRun.Epoch"/>).</summary>
    void Promoted(SweepRun run) { }
}

/// <summary>
/// The run that a slot trains next: the promoted <paramref name="Run"/>, or, if it is null, a new run in <paramref name="Bracket"/>.
/// </summary>
public readonly record struct NextRun(int? Run, int Bracket, Reason? Reason)
{
    public static NextRun New(int bracket) => new(null, bracket, null);
}

/// <summary>A paused run that can never be promoted, with the reason.</summary>
public readonly record struct Elimination(int Run, Reason Reason);

/// <summary>The numbers of a rung, for display.</summary>
/// <param name="Bracket">The bracket, from 0.</param>
/// <param name="Epoch">The rung's epoch.</param>
/// <param name="Arrived">The number of its values.</param>
/// <param name="Promoted">The number of runs that continued past it.</param>
public sealed record RungView(int Bracket, int Epoch, int Arrived, int Promoted);
