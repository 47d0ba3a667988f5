namespace Sweeps.Core.Rules;

/// <summary>A stopping rule with rungs: it also decides where runs pause and which run a free slot trains next.</summary>
public interface ILadder : IStoppingRule
{
    /// <summary>Epochs below the run's last, ascending, at which the verdict must be awaited.</summary>
    IReadOnlyList<int> Rungs(SweepRun run);

    /// <summary>The last epoch of the assignment in which the run goes on from its current epoch.</summary>
    int Until(SweepRun run) => run.MaxEpochs;

    /// <summary>The run that a free slot trains next, or null to wait.</summary>
    /// <param name="mayStart">Whether a new run could be created.</param>
    NextRun? Next(bool mayStart) => mayStart ? NextRun.New(0) : null;

    /// <summary>Paused runs that can never be promoted.</summary>
    /// <param name="mayStart">Whether a new run could be created.</param>
    /// <param name="lowestActive">
    /// Gives the lowest epoch of the runs that train or wait for a slot, <see cref="int.MaxValue"/> without any. O(active runs).
    /// </param>
    IReadOnlyList<Elimination> Eliminate(bool mayStart, Func<int> lowestActive) => [];

    /// <summary>Whether a person may promote a run that was stopped.</summary>
    bool CanResume(SweepRun run) => true;

    /// <summary>The rung at which a paused run waits to be promoted, or null where runs do not wait.</summary>
    int? WaitingRung(SweepRun run) => null;

    /// <summary>The rungs and how many runs are in them.</summary>
    IEnumerable<RungView> View();

    /// <summary>A run was promoted past the rung at which it waits (<see cref="SweepRun.Epoch"/>).</summary>
    void Promoted(SweepRun run) { }
}

/// <summary>The run that a slot trains next: <paramref name="Run"/>, promoted; or, where it is null, a new run in <paramref name="Bracket"/>.</summary>
public readonly record struct NextRun(int? Run, int Bracket, Reason? Reason)
{
    /// <summary>A new run in a bracket.</summary>
    public static NextRun New(int bracket) => new(null, bracket, null);
}

/// <summary>A paused run that can never be promoted, with the reason.</summary>
public readonly record struct Elimination(int Run, Reason Reason);

/// <summary>A rung as it is shown.</summary>
/// <param name="Bracket">The bracket, from 0.</param>
/// <param name="Epoch">The rung's epoch.</param>
/// <param name="Arrived">How many values it holds.</param>
/// <param name="Promoted">How many of their runs went on.</param>
public sealed record RungView(int Bracket, int Epoch, int Arrived, int Promoted);
