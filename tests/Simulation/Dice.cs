using Sweeps.Core;

namespace Simulation;

/// <summary>The random numbers of one schedule, all from one seed.</summary>
internal sealed class Dice(ulong seed)
{
    private SplitMix64 bits = new(SplitMix64.Mix(seed));

    public int Below(int limit) => (int)(bits.Next() % (ulong)limit);

    public bool Chance(double probability) => bits.NextDouble() < probability;

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];
}
