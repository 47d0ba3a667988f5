namespace Sweeps.Core;

/// <summary>
/// SplitMix64 (Steele, Lea, Flood 2014) and the counter-based draws built on it (docs/search.md, 1): a draw depends on the run's
/// number and the parameter's name only, not on the order, the number of slots or other parameters.
/// </summary>
/// <remarks>The engine has its own copy of this generator (<c>RandomStream</c>), because neither project references the other.</remarks>
public struct SplitMix64(ulong state)
{
    private ulong state = state;

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        state += 0x9E3779B97F4A7C15;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>The next number, uniform in [0, 1), with 53 bits.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Mixes 64 bits: the first output from state <paramref name="v"/>.</summary>
    public static ulong Mix(ulong v) => new SplitMix64(v).Next();

    /// <summary>FNV-1a of a name in UTF-8, 64 bits.</summary>
    public static ulong Hash(string name)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var b in System.Text.Encoding.UTF8.GetBytes(name))
            hash = (hash ^ b) * 0x100000001B3;
        return hash;
    }

    /// <summary>The 64 random bits of a seed, point <paramref name="n"/> and <paramref name="name"/>.</summary>
    public static ulong Draw(ulong seed, ulong n, string name) => Mix(Mix(Mix(seed) + n) ^ Hash(name));
}
