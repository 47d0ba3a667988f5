using Sweeps.Core.Space;

namespace Sweeps.Core.Search;

/// <summary>Independent numbers by seed, point and name (search-semantics 2): other parameters and other points shift nothing.</summary>
public sealed class RandomSequence(ulong seed) : ISequence
{
    /// <inheritdoc/>
    public double Draw(int index, int draw, Parameter parameter)
    {
        var bits = SplitMix64.Draw(seed, (ulong)index + ((ulong)draw << 32), parameter.Name);
        return Unit(bits, parameter);
    }

    /// <summary>The upper 53 bits as a number in [0, 1), or in the middle of its cell where 0 must not occur.</summary>
    internal static double Unit(ulong bits, Parameter parameter) =>
        ((bits >> 11) + (parameter.Distribution.NeedsOpenInterval ? 0.5 : 0)) * (1.0 / (1UL << 53));
}
