using Sweeps.Core.Space;

namespace Sweeps.Core.Search;

/// <summary>
/// Search whose n-th configuration depends on the seed and n only: the values of an <see cref="ISequence"/> through the quantiles of the
/// parameters. Points that break a constraint are passed over; so are, on the caller's word, points that were there before.
/// </summary>
public sealed class SequenceSearch(SearchSpace space, IReadOnlyList<Constraint> constraints, ISequence sequence) : ISearch
{
    private const int MostRejections = 10_000;

    /// <inheritdoc/>
    public long? Size => null;

    /// <inheritdoc/>
    public Configuration? Propose(int index, int attempt, IHistory history)
    {
        var kept = 0;
        for (var (draw, rejected) = (0, 0); rejected < MostRejections; draw++)
        {
            var configuration = space.Assemble(parameter => parameter.Distribution.Quantile(sequence.Draw(index, draw, parameter)));
            if (!constraints.All(constraint => constraint.Holds(configuration)))
                rejected++;
            else if (kept++ == attempt)
                return configuration;
        }
        return null;
    }
}

/// <summary>Where the numbers of a <see cref="SequenceSearch"/> come from. Pure.</summary>
public interface ISequence
{
    /// <summary>
    /// The number for a parameter of point <paramref name="index"/> when it is drawn for the <paramref name="draw"/>-th time (from 0):
    /// in [0, 1), and above 0 where the distribution asks for it.
    /// </summary>
    double Draw(int index, int draw, Parameter parameter);
}

/// <summary>Independent numbers by seed, point and name (docs/search.md, 1): other parameters and other points shift nothing.</summary>
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
