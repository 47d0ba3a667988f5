namespace Sweeps.Core.EarlyStopping;

/// <summary>Rungs at ascending epochs with what has arrived at each.</summary>
/// <param name="epochs">The rungs' epochs, ascending.</param>
internal sealed class RungLadder(int[] epochs)
{
    private readonly RankedValues[] rungs = Array.ConvertAll(epochs, _ => new RankedValues());

    public IReadOnlyList<int> Epochs => epochs;

    /// <summary>Open entries in all rungs.</summary>
    public int Open => rungs.Sum(rung => rung.Open);

    public RankedValues this[int level] => rungs[level];

    /// <summary>The rung at exactly this epoch, or null.</summary>
    public int? At(int epoch) => Array.BinarySearch(epochs, epoch) is >= 0 and var level ? level : null;

    /// <summary>The first rung above this epoch, or null.</summary>
    public int? Next(int epoch)
    {
        for (var level = 0; level < epochs.Length; level++)
            if (epochs[level] > epoch)
                return level;
        return null;
    }

    /// <summary>The last rung at or below this epoch, or null: where a run at this epoch stands.</summary>
    public int? Standing(int epoch) => (Next(epoch) ?? epochs.Length) - 1 is >= 0 and var level ? level : null;

    /// <summary>Puts a value into the rung at its epoch, if there is one.</summary>
    public void Add(SweepRun run, int epoch, double value, bool open)
    {
        if (At(epoch) is { } level)
            rungs[level].Add(value, run.Number, open);
    }

    /// <summary>Closes the run's entry at the rung where it stands, if it stands at one.</summary>
    public void Close(SweepRun run)
    {
        if (Standing(run.Epoch) is { } level)
            rungs[level].Close(run.ValueAt(epochs[level]), run.Number);
    }

    /// <summary>Closes the entry of a run that was stopped at a rung.</summary>
    public void CloseStopped(SweepRun run)
    {
        if (run.State == RunState.Stopped && At(run.Epoch) is { } level)
            rungs[level].Close(run.Last, run.Number);
    }

    /// <summary>
    /// A run that diverged or failed before a rung enters +∞ at the next one, once (search-semantics 3). One that diverged at a rung has
    /// its value there already.
    /// </summary>
    public void AddFailure(SweepRun run)
    {
        var failed = run.State == RunState.Failed || (run.State == RunState.Diverged && At(run.Epoch) is null);
        if (failed && Next(run.Epoch) is { } level && epochs[level] <= run.MaxEpochs)
            rungs[level].Add(double.PositiveInfinity, run.Number, open: false);
    }

    /// <summary>
    /// The rungs for people; <paramref name="openWentOn"/>: whether open entries are those that went on, or those that wait.
    /// </summary>
    public IEnumerable<RungView> View(int bracket, bool openWentOn = false) => epochs.Select((epoch, level) => new RungView(
        bracket, epoch, rungs[level].Count, openWentOn ? rungs[level].Open : rungs[level].Count - rungs[level].Open));
}
