namespace Sweeps.Core.EarlyStopping;

/// <summary>
/// One bracket of synchronous successive halving: <paramref name="size"/> runs train to the first level; when all that are on their way to
/// a level have arrived, the best max(1, ⌊n/η⌋) of it go on. A run that ends before the level it is heading for arrives there with +∞.
/// </summary>
/// <param name="size">Runs the bracket takes.</param>
/// <param name="levels">The levels' epochs, ascending; runs finish at the last one.</param>
/// <param name="eta">η ≥ 2.</param>
internal sealed class Bracket(int size, int[] levels, int eta)
{
    private readonly int[] wentOn = new int[levels.Length - 1];

    /// <summary>What has arrived at the levels, without the last one.</summary>
    public RungLadder Ladder { get; } = new(levels[..^1]);

    /// <summary>The first epoch at which runs are compared, or finish.</summary>
    public IReadOnlyList<int> Levels => levels;

    /// <summary>How many runs it has.</summary>
    public int Created { get; private set; }

    /// <summary>Whether it can take another run.</summary>
    public bool Lacks => Created < size && (wentOn.Length == 0 || wentOn[0] == 0);

    /// <summary>How many go on from a level.</summary>
    public int Quota(int level) => Math.Max(1, Ladder[level].Count / eta);

    /// <summary>
    /// The levels at which everybody has arrived, from the lowest. <paramref name="mayStart"/>: whether runs that it lacks may still come.
    /// </summary>
    public int CompleteLevels(bool mayStart)
    {
        if (Created == 0 || (Lacks && mayStart))
            return 0;
        var expected = Created;
        for (var level = 0; level < wentOn.Length; level++)
        {
            if (Ladder[level].Count < expected)
                return level;
            if (Waiting(level) is not null)
                return level + 1;
            expected = wentOn[level];
        }
        return wentOn.Length;
    }

    /// <summary>The best run of a complete level that is to go on and has not yet, or null.</summary>
    public RankedValue? Waiting(int level) =>
        Ladder[level].FirstOpen() is { } best && best.Rank < Quota(level) && double.IsFinite(best.Value) ? best : null;

    /// <summary>The runs of a complete level that do not go on.</summary>
    public IEnumerable<RankedValue> Losers(int level) =>
        Ladder[level].Open == 0
            ? []
            : Ladder[level].OpenEntries().Where(entry => entry.Rank >= Quota(level) || !double.IsFinite(entry.Value));

    public void AddRun() => Created++;

    public void Add(SweepRun run, int epoch, double value)
    {
        if (Ladder.At(epoch) is not { } level)
            return;
        Ladder[level].Add(value, run.Number, epoch < run.MaxEpochs && run.Until <= epoch);
        if (run.Until > epoch)
            wentOn[level]++;
    }

    public void GoOn(SweepRun run)
    {
        Ladder.Close(run);
        if (Ladder.At(run.Epoch) is { } level)
            wentOn[level]++;
    }

    public void End(SweepRun run)
    {
        if (run.Until <= run.Epoch)
            Ladder.Close(run);
        else if (Ladder.Next(run.Epoch) is { } level)
            Ladder[level].Add(double.PositiveInfinity, run.Number, open: false);
    }
}
