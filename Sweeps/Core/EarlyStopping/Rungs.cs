namespace Sweeps.Core.EarlyStopping;

/// <summary>
/// Where rungs are. Integers only: floor(log(...)) loses a rung at R/r = 243, η = 3 and at 1000, η = 10 (search-semantics 3).
/// </summary>
public static class Rungs
{
    /// <summary>r, rη, rη², … strictly below R (Li et al. 2018, without R itself, at which runs finish). 1 ≤ r, 2 ≤ η.</summary>
    public static int[] Geometric(int first, int last, int eta)
    {
        var rungs = new List<int>();
        for (long rung = first; rung < last; rung *= eta)
            rungs.Add((int)rung);
        return [.. rungs];
    }

    /// <summary>The largest k with ηᵏ ≤ <paramref name="ratio"/>; 0 when it is below η.</summary>
    public static int Exponent(int ratio, int eta)
    {
        var k = 0;
        for (var power = eta; power <= ratio; k++)
        {
            if (power > ratio / eta)
                return k + 1;
            power *= eta;
        }
        return k;
    }

    /// <summary>Levels ⌊R/ηˢ⁻ⁱ⌋ for i = 0 … s, at least r: the epochs of a bracket of successive halving; the last is R.</summary>
    public static int[] Levels(int first, int last, int eta, int s)
    {
        var levels = new int[s + 1];
        var divided = last;
        for (var i = s; i >= 0; i--, divided /= eta)
            levels[i] = Math.Max(first, divided);
        return levels;
    }

    /// <summary>⌈(s_max + 1)·ηˢ/(s + 1)⌉: the runs of Hyperband's bracket s (Li et al. 2017).</summary>
    public static int BracketSize(int most, int eta, int s)
    {
        long power = 1;
        for (var i = 0; i < s; i++)
            power *= eta;
        return (int)(((most + 1) * power + s) / (s + 1));
    }

    /// <summary>
    /// W&amp;B's bands (sweeps b1dfc5f, hyperband.py) up to <paramref name="most"/> epochs: max_iter divided s times by eta and rounded
    /// down while it is at least 1, or ⌊min_iter·etaⁱ⌋.
    /// </summary>
    public static int[] Bands(int? first, int? last, int? s, double eta, int most)
    {
        var bands = new SortedSet<int>();
        if (s is { } count && last is { } limit)
        {
            var band = (double)limit;
            for (var i = 0; i < count; i++)
            {
                band /= eta;
                if (band < 1)
                    break;
                bands.Add((int)band);
            }
        }
        else
        {
            var below = last is { } end ? Math.Min(end, most + 1.0) : most + 1.0;
            for (double band = first ?? 1; Math.Floor(band) < below; band *= eta)
                bands.Add((int)band);
        }
        return [.. bands];
    }

    /// <summary>The R of the ladder among the rules; <see cref="int.MaxValue"/> where there is none.</summary>
    public static int LastEpoch(this IEnumerable<EarlyTermination> rules) =>
        rules.Select(rule => rule.Geometry?.Last ?? int.MaxValue).DefaultIfEmpty(int.MaxValue).Min();
}
