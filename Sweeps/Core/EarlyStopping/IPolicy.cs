namespace Sweeps.Core.EarlyStopping;

/// <summary>
/// A rule of early stopping: what to answer to a report, and which job to do next. It keeps an index over what the runs have reported
/// (<see cref="Recorded"/>, <see cref="Ended"/>, <see cref="Promoted"/>); the index depends on the set of these facts, not on their order,
/// so that it can be rebuilt from the runs alone. Values are oriented (smaller is better) and never NaN: a value that is not finite is +∞.
/// </summary>
public interface IPolicy
{
    /// <summary>Epochs below the run's last, ascending, at which a verdict must be awaited.</summary>
    IReadOnlyList<int> Rungs(SweepRun run) => [];

    /// <summary>The last epoch of the assignment in which the run goes on from where it is.</summary>
    int Until(SweepRun run) => run.MaxEpochs;

    /// <summary>
    /// The verdict on a value that is not yet recorded. Not asked at a run's last epoch. <see cref="Judgement.Continue"/> where the rule
    /// has nothing to say.
    /// </summary>
    Judgement OnReport(SweepRun run, int epoch, double value) => Judgement.Continue;

    /// <summary>The next job, or null to wait. <paramref name="mayStart"/>: whether a new run could be created.</summary>
    Job? NextJob(bool mayStart) => mayStart ? Job.Start(0) : null;

    /// <summary>
    /// Waiting runs that can never be promoted, with the reason. <paramref name="mayStart"/> as above; <paramref name="lowestActive"/>
    /// gives the lowest epoch of the runs that train or wait for a slot (<see cref="int.MaxValue"/> when there are none).
    /// </summary>
    IReadOnlyList<GivenUp> GiveUp(bool mayStart, Func<int> lowestActive) => [];

    /// <summary>Whether a person may promote a run that was stopped.</summary>
    bool CanResume(SweepRun run) => true;

    /// <summary>The rung's epoch at which a run waits to be promoted when it stands still, or null where runs do not wait.</summary>
    int? Standing(SweepRun run) => null;

    /// <summary>The rungs and what is in them, for people.</summary>
    IEnumerable<RungView> View() => [];

    /// <summary>A run was created.</summary>
    void Created(SweepRun run) { }

    /// <summary>A value was recorded.</summary>
    void Recorded(SweepRun run, int epoch, double value) { }

    /// <summary>A run was promoted past the rung at which it stands (<see cref="SweepRun.Epoch"/>).</summary>
    void Promoted(SweepRun run) { }

    /// <summary>A run has ended: finished, stopped, diverged or failed for good (<see cref="SweepRun.State"/>).</summary>
    void Ended(SweepRun run) { }
}

/// <summary>A verdict with its reason; <paramref name="Reason"/> may stand beside <see cref="Verdict.Continue"/> too.</summary>
public readonly record struct Judgement(Verdict Verdict, Reason? Reason)
{
    /// <summary>Nothing to say.</summary>
    public static Judgement Continue => new(Verdict.Continue, null);
}

/// <summary>
/// What a free slot should do: resume <paramref name="Run"/>, or start a new run in <paramref name="Bracket"/> when it is negative.
/// </summary>
public readonly record struct Job(int Run, int Bracket, Reason? Reason)
{
    /// <summary>A new run in a bracket.</summary>
    public static Job Start(int bracket) => new(-1, bracket, null);
}

/// <summary>A run that can never be promoted, and why.</summary>
public readonly record struct GivenUp(int Run, Reason Reason);

/// <summary>A rung as people see it.</summary>
/// <param name="Bracket">The ladder, from 0.</param>
/// <param name="Epoch">The rung's epoch.</param>
/// <param name="Arrived">How many values it holds.</param>
/// <param name="Promoted">How many of their runs went on.</param>
public sealed record RungView(int Bracket, int Epoch, int Arrived, int Promoted);
