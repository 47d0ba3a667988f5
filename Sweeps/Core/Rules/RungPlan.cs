namespace Sweeps.Core.Rules;

/// <summary>
/// The epochs at which runs are compared: rungs that all runs share, or brackets. Computed in integers, because ⌊log(R/r)/log(η)⌋ in floating
/// point loses a rung at R/r = 243, η = 3 and at 1000, η = 10 (docs/rules.md 2).
/// </summary>
/// <param name="Rungs">The epochs of the rungs, ascending; empty for rules with brackets.</param>
/// <param name="Eta">About one run in η continues past a rung.</param>
/// <param name="Brackets">The brackets, opened cyclically; empty for rules without brackets.</param>
public sealed record RungPlan(IReadOnlyList<int> Rungs, double Eta, IReadOnlyList<BracketPlan> Brackets)
{
    private const int MaxListed = 8, FirstListed = 4;

    /// <summary>The rungs r, rη, rη², … below R. 1 ≤ r, 2 ≤ η.</summary>
    public static RungPlan Geometric(int first, int last, int eta)
    {
        var rungs = new List<int>();
        for (long rung = first; rung < last; rung *= eta)
            rungs.Add((int)rung);
        return new RungPlan(rungs, eta, []);
    }

    /// <summary>W&amp;B's bands from <c>min_iter</c>: ⌊min_iter·etaⁱ⌋ below <paramref name="end"/> (docs/rules.md 5).</summary>
    public static RungPlan Bands(int first, double eta, double end)
    {
        var bands = new SortedSet<int>();
        for (double band = first; Math.Floor(band) < end; band *= eta)
            bands.Add((int)band);
        return new RungPlan([.. bands], eta, []);
    }

    /// <summary>W&amp;B's bands from <c>max_iter</c> and <c>s</c>: max_iter divided by eta s times, rounded down, at least 1 (docs/rules.md 5).</summary>
    public static RungPlan BandsBelow(int last, int count, double eta)
    {
        var bands = new SortedSet<int>();
        var band = last / eta;
        for (var left = count; left > 0 && band >= 1; left--, band /= eta)
            bands.Add((int)band);
        return new RungPlan([.. bands], eta, []);
    }

    /// <summary>Synchronous brackets (docs/rules.md 6): only s_max, or s_max, s_max − 1, … 0.</summary>
    public static RungPlan Synchronous(int first, int last, int eta, bool allBrackets)
    {
        var most = Exponent(last / first, eta);
        var brackets = new List<BracketPlan>();
        for (var s = most; s >= (allBrackets ? 0 : most); s--)
            brackets.Add(new BracketPlan(BracketSize(most, eta, s), Levels(first, last, eta, s), eta));
        return new RungPlan([], eta, brackets);
    }

    /// <summary>The largest k with ηᵏ ≤ <paramref name="ratio"/>; 0 for a ratio below η.</summary>
    public static int Exponent(int ratio, int eta)
    {
        var k = 0;
        for (var rest = ratio; rest >= eta; rest /= eta)
            k++;
        return k;
    }

    /// <summary>The total epochs of <paramref name="runs"/> runs that fill one bracket after the other.</summary>
    public long Epochs(long runs)
    {
        var turn = Brackets.Sum(bracket => (long)bracket.Size);
        var epochs = runs / turn * Brackets.Sum(bracket => bracket.Epochs(bracket.Size));
        var left = runs % turn;
        foreach (var bracket in Brackets)
        {
            var size = Math.Min(left, bracket.Size);
            epochs += bracket.Epochs(size);
            left -= size;
        }
        return epochs;
    }

    /// <summary>
    /// The rungs for people: <c>1, 3, 9, 27</c>; of many the first and the last, and only the first where the program decides how long a run is.
    /// </summary>
    /// <param name="last">The last epoch of a run; <see cref="SweepSpec.EpochLimit"/> when it is not known.</param>
    /// <param name="separator">The text between two rungs.</param>
    public string List(int last, string separator = ", ")
    {
        var (open, many) = (last >= SweepSpec.EpochLimit, Rungs.Count > MaxListed);
        var first = string.Join(separator, open || many ? Rungs.Take(FirstListed) : Rungs);
        return open ? $"{first}{separator}…" : many ? $"{first}{separator}…{separator}{Rungs[^1]}" : first;
    }

    /// <summary>
    /// The mean epochs per run if exactly one in η continues past every rung; runs that pass all rungs finish at <paramref name="last"/>.
    /// </summary>
    public double EpochsPerRun(int last)
    {
        if (Brackets.Count > 0)
            return Brackets.Sum(bracket => (double)bracket.Epochs(bracket.Size)) / Brackets.Sum(bracket => (double)bracket.Size);
        var (epochs, share, before) = (0.0, 1.0, 0);
        foreach (var rung in Rungs.TakeWhile(rung => rung < last).Append(last))
        {
            epochs += share * (rung - before);
            (before, share) = (rung, share / Eta);
        }
        return epochs;
    }

    /// <summary>⌊R/ηˢ⁻ⁱ⌋ for i = 0 … s, at least r.</summary>
    private static int[] Levels(int first, int last, int eta, int s)
    {
        var levels = new int[s + 1];
        for (var (i, divided) = (s, last); i >= 0; i--, divided /= eta)
            levels[i] = Math.Max(first, divided);
        return levels;
    }

    /// <summary>⌈(s_max + 1)·ηˢ/(s + 1)⌉.</summary>
    private static int BracketSize(int most, int eta, int s)
    {
        var power = 1L;
        for (var i = 0; i < s; i++)
            power *= eta;
        return (int)(((most + 1) * power + s) / (s + 1));
    }
}

/// <summary>A bracket of synchronous successive halving: at each level but the last, max(1, ⌊n/η⌋) of the n runs continue.</summary>
/// <param name="Size">The number of runs that start.</param>
/// <param name="Levels">The epochs at which runs are compared, ascending; the last is R, where runs finish.</param>
/// <param name="Eta">η ≥ 2.</param>
public sealed record BracketPlan(int Size, IReadOnlyList<int> Levels, int Eta)
{
    /// <summary>The number of runs that reach each level when <paramref name="runs"/> start.</summary>
    public IEnumerable<(long Runs, int Epoch)> Reaching(long runs)
    {
        foreach (var level in Levels)
        {
            yield return (runs, level);
            runs = Math.Max(1, runs / Eta);
        }
    }

    /// <summary>The total epochs when <paramref name="runs"/> start.</summary>
    public long Epochs(long runs)
    {
        var (epochs, before) = (0L, 0);
        foreach (var (count, epoch) in runs > 0 ? Reaching(runs) : [])
        {
            epochs += count * (epoch - before);
            before = epoch;
        }
        return epochs;
    }
}
