using System.Numerics;

namespace Sweeps.Core.Space;

/// <summary>
/// A seeded bijection of 0 … size − 1 without a table: a balanced Feistel network on the next even number of bits, walked until the value
/// is inside (Black and Rogaway 2002). At most four steps are expected.
/// </summary>
public sealed class Permutation(ulong seed, long size)
{
    private const int Rounds = 6;

    private readonly int half = Math.Max(1, (64 - BitOperations.LeadingZeroCount((ulong)size - 1) + 1) / 2);

    /// <summary>Where <paramref name="n"/> goes, 0 ≤ n &lt; size.</summary>
    public long this[long n]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(n);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(n, size);
            var x = (ulong)n;
            do
                x = Encrypt(x);
            while (x >= (ulong)size);
            return (long)x;
        }
    }

    private ulong Encrypt(ulong x)
    {
        var mask = (1UL << half) - 1;
        var (left, right) = (x >> half, x & mask);
        for (var round = 0UL; round < Rounds; round++)
            (left, right) = (right, left ^ SplitMix64.Mix(SplitMix64.Mix(seed + round) ^ right) & mask);
        return left << half | right;
    }
}
