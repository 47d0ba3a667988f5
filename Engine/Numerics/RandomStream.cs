namespace Engine.Numerics;

/// <summary>
/// A stream of random numbers that is a pure function of its key: SplitMix64 (Steele, Lea, Flood 2014). Whoever needs randomness derives
/// a stream of its own from the run's seed and what it is for, so that no use disturbs another and nothing has to be saved.
/// </summary>
public struct RandomStream(ulong key)
{
    private ulong state = key;

    /// <summary>The stream of a seed for a purpose and an index (an epoch, a layer, a step).</summary>
    public static RandomStream For(ulong seed, RandomPurpose purpose, ulong index = 0) => new(Key(seed, purpose, index));

    /// <summary>Mixes a seed, a purpose and an index to 64 bits.</summary>
    public static ulong Key(ulong seed, RandomPurpose purpose, ulong index) => Mix(Mix(Mix(seed) + (ulong)purpose) + index);

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        state += 0x9E3779B97F4A7C15;
        return Finish(state);
    }

    /// <summary>The next number, uniform in [0, 1), with 53 bits.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>The next integer, uniform in [0, <paramref name="bound"/>), by the high half of a 128-bit product.</summary>
    public int NextInteger(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    /// <summary>The next standard normal number, by Marsaglia's polar method.</summary>
    public double NextNormal()
    {
        while (true)
        {
            var u = 2 * NextDouble() - 1;
            var v = 2 * NextDouble() - 1;
            var s = u * u + v * v;
            if (s is > 0 and < 1)
                return u * Math.Sqrt(-2 * Elementary.Log(s) / s);
        }
    }

    /// <summary>Shuffles in place (Fisher and Yates).</summary>
    public void Shuffle(Span<int> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = NextInteger(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong Mix(ulong v) => Finish(v + 0x9E3779B97F4A7C15);

    private static ulong Finish(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}

/// <summary>What a random stream is for; part of its key. Numbers are never reused: they decide what a seed gives.</summary>
public enum RandomPurpose
{
    /// <summary>Initial weights; indexed by parameter.</summary>
    Weights = 1,
    /// <summary>The order of the examples; indexed by epoch.</summary>
    Order = 2,
    /// <summary>Dropout masks; indexed by layer and step.</summary>
    Dropout = 3,
    /// <summary>The validation split.</summary>
    Split = 4,
    /// <summary>Shifts and flips; indexed by epoch.</summary>
    Augmentation = 5,
    /// <summary>The built-in glyphs; indexed by glyph and by image.</summary>
    Glyphs = 6,
}
