namespace Sweeps.Core.Rules;

/// <summary>The values of each rung of a ladder.</summary>
/// <param name="epochs">The rungs' epochs, ascending.</param>
internal sealed class RungTable(IReadOnlyList<int> epochs)
{
    private readonly int[] epochs = [.. epochs];
    private readonly RankedValues[] rungs = [.. epochs.Select(_ => new RankedValues())];

    public IReadOnlyList<int> Epochs => epochs;

    /// <summary>Open entries in all rungs.</summary>
    public int Open => rungs.Sum(rung => rung.Open);

    public RankedValues this[int level] => rungs[level];

    /// <summary>The index of the rung at this epoch, or null.</summary>
    public int? At(int epoch) => Array.BinarySearch(epochs, epoch) is >= 0 and var level ? level : null;

    /// <summary>The index of the first rung above this epoch, or null.</summary>
    public int? Above(int epoch)
    {
        for (var level = 0; level < epochs.Length; level++)
            if (epochs[level] > epoch)
                return level;
        return null;
    }

    /// <summary>The index of the last rung at or below this epoch, or null.</summary>
    public int? AtOrBelow(int epoch) => (Above(epoch) ?? epochs.Length) - 1 is >= 0 and var level ? level : null;

    /// <summary>Adds a value to the rung at its epoch, if there is one.</summary>
    public void Add(SweepRun run, int epoch, double value, bool open)
    {
        if (At(epoch) is { } level)
            rungs[level].Add(value, run.Number, open);
    }

    /// <summary>Closes the run's entry in the last rung that it reached.</summary>
    public void Close(SweepRun run)
    {
        if (AtOrBelow(run.Epoch) is { } level)
            rungs[level].Close(run.ValueAt(epochs[level]), run.Number);
    }

    /// <summary>Closes the entry of a run that was stopped at a rung.</summary>
    public void CloseStopped(SweepRun run)
    {
        if (run.State == RunState.Stopped && At(run.Epoch) is { } level)
            rungs[level].Close(run.Last, run.Number);
    }

    /// <summary>
    /// Adds +∞ to the next rung for a run that diverged or failed permanently (docs/rules.md 1). A run that diverged at a rung already has its
    /// value there.
    /// </summary>
    public void AddFailure(SweepRun run)
    {
        var failed = run.State == RunState.Failed || (run.State == RunState.Diverged && At(run.Epoch) is null);
        if (failed && Above(run.Epoch) is { } level && epochs[level] <= run.MaxEpochs)
            rungs[level].Add(double.PositiveInfinity, run.Number, open: false);
    }

    /// <summary>The numbers of the rungs, for display.</summary>
    /// <param name="bracket">The bracket they belong to.</param>
    /// <param name="openWentOn">Whether open entries belong to runs that continued; otherwise they belong to runs that wait.</param>
    public IEnumerable<RungView> View(int bracket, bool openWentOn = false) => epochs.Select((epoch, level) => new RungView(
        bracket, epoch, rungs[level].Count, openWentOn ? rungs[level].Open : rungs[level].Count - rungs[level].Open));
}
