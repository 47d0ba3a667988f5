using Sweeps.Core.Space;

namespace Sweeps.Core.Search;

/// <summary>
/// The Halton sequence with randomly permuted digits: the radical inverse of the point's number in the base of the parameter's prime, where
/// the permutation of each digit depends on seed, name and position. Repeated draws of a point are random.
/// </summary>
internal sealed class HaltonSequence : ISequence
{
    private readonly RandomSequence random;
    private readonly Dictionary<string, int[][]> permutations = [];

    /// <summary>Assigns primes to the parameters that are not constant, in the order of a grid.</summary>
    public HaltonSequence(ulong seed, SearchSpace space)
    {
        random = new RandomSequence(seed);
        var varying = space.ParentsFirst.Where(parameter => parameter.Distribution is not Constant);
        foreach (var (parameter, prime) in varying.Zip(Primes()))
            permutations.Add(parameter.Name, Digits(prime, SplitMix64.Mix(seed) ^ SplitMix64.Hash(parameter.Name)));
    }

    public double Draw(int index, int draw, Parameter parameter)
    {
        if (draw > 0 || !permutations.TryGetValue(parameter.Name, out var places))
            return random.Draw(index, draw, parameter);
        var prime = places[0].Length;
        var (u, scale) = (0.0, 1.0);
        foreach (var place in places)
        {
            scale /= prime;
            u += place[index % prime] * scale;
            index /= prime;
        }
        var unit = Math.Min(u, 1 - 1.0 / (1UL << 53));
        return parameter.Distribution.NeedsOpenInterval ? Math.Max(unit, 0.5 / (1UL << 53)) : unit;
    }

    /// <summary>The permutation of the digits at each position, for as many positions as 53 bits can represent.</summary>
    private static int[][] Digits(int prime, ulong seed)
    {
        var generator = new SplitMix64(seed);
        var places = new int[(int)Math.Ceiling(53 / Math.Log2(prime))][];
        for (var place = 0; place < places.Length; place++)
        {
            var digits = Enumerable.Range(0, prime).ToArray();
            for (var i = prime - 1; i > 0; i--)
            {
                var j = (int)(generator.Next() % (ulong)(i + 1));
                (digits[i], digits[j]) = (digits[j], digits[i]);
            }
            places[place] = digits;
        }
        return places;
    }

    private static IEnumerable<int> Primes()
    {
        var found = new List<int>();
        for (var candidate = 2; ; candidate++)
            if (found.TrueForAll(prime => candidate % prime != 0))
            {
                found.Add(candidate);
                yield return candidate;
            }
    }
}
