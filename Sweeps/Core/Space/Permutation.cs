using System.Numerics;

namespace Sweeps.Core.Space;

/// <summary>
/// A seeded permutation of 0 … size − 1 in constant memory: a balanced Feistel network on the next even number of bits, applied until the value
/// is below size (cycle walking, Black and Rogaway 2002). The expected number of applications is at most four.
/// </summary>
internal sealed class Permutation(ulong seed, long size)
{
    private const int Rounds = 6;

    private readonly int half = Math.Max(1, (64 - BitOperations.LeadingZeroCount((ulong)size - 1) + 1) / 2);

    /// <summary>The image of <paramref name="n"/>, 0 ≤ n &lt; size.</summary>
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
