using Sweeps.Core.Space;
using Sweeps.Core.Space.Distributions;

namespace Sweeps.Core.Search;

/// <summary>
/// Sobol's sequence, digitally shifted by the seed and the parameter's name: any 2ᵏ points are spread evenly over every parameter. One
/// dimension per parameter that varies, in the order of a grid; what lies beyond the table's dimensions, and points that are drawn again,
/// are random.
/// </summary>
public sealed class SobolSequence : ISequence
{
    private readonly RandomSequence random;
    private readonly Dictionary<string, (uint[] Columns, ulong Shift)> directions = [];

    /// <summary>Assigns the dimensions.</summary>
    public SobolSequence(ulong seed, SearchSpace space)
    {
        random = new RandomSequence(seed);
        var varying = space.ParentsFirst.Where(parameter => parameter.Distribution is not Constant);
        foreach (var (dimension, parameter) in varying.Take(SobolDirections.Dimensions).Index())
            directions.Add(parameter.Name, (SobolDirections.Of(dimension), SplitMix64.Mix(SplitMix64.Mix(seed) ^ SplitMix64.Hash(parameter.Name))));
    }

    /// <inheritdoc/>
    public double Draw(int index, int draw, Parameter parameter)
    {
        if (draw > 0 || !directions.TryGetValue(parameter.Name, out var dimension))
            return random.Draw(index, draw, parameter);
        var gray = (uint)index ^ (uint)index >> 1;
        var point = 0u;
        for (var i = 0; gray != 0; i++, gray >>= 1)
            if ((gray & 1) != 0)
                point ^= dimension.Columns[i];
        return RandomSequence.Unit((ulong)point << 32 ^ dimension.Shift, parameter);
    }
}
