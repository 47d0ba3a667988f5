namespace Engine.Numerics;

/// <summary>
/// A stream of random numbers that is a pure function of its key: SplitMix64 (Steele, Lea, Flood 2014). Every use of randomness derives its
/// own stream from the run's seed and a purpose, so that uses are independent and checkpoints need no random state.
/// </summary>
public struct RandomStream(ulong key)
{
    private ulong state = key;

    /// <summary>The stream for a seed, a purpose and an index (an epoch, a layer, a step).</summary>
    public static RandomStream For(ulong seed, RandomPurpose purpose, ulong index = 0) => new(Key(seed, purpose, index));

    /// <summary>Hashes a seed, a purpose and an index to 64 bits.</summary>
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

/// <summary>The purpose of a random stream, part of its key. The numbers must not change: they determine the results of a seed.</summary>
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
    /// <summary>Shifts and flips; indexed by epoch and example.</summary>
    Augmentation = 5,
    /// <summary>The built-in glyphs; indexed by glyph, and by part and image.</summary>
    Glyphs = 6,
}
