using Sweeps.Core.Space;

namespace Sweeps.Core.Search;

/// <summary>
/// A search whose n-th configuration depends only on the seed and n: numbers of an <see cref="ISequence"/> mapped by the quantile functions
/// of the parameters. Points that violate a constraint are skipped; each further attempt skips one more point, which the caller already
/// has.
/// </summary>
internal sealed class SequenceSearch(SearchSpace space, IReadOnlyList<Constraint> constraints, ISequence sequence) : ISearch
{
    /// <summary>The number of draws that violate a constraint after which a proposal fails.</summary>
    public const int MaxRejections = 10_000;

    public long? Size => null;

    public Suggestion? Propose(int index, int attempt, IHistory history)
    {
        var kept = 0;
        for (var (draw, rejected) = (0, 0); rejected < MaxRejections; draw++)
        {
            var configuration = space.Assemble(parameter => parameter.Distribution.Quantile(sequence.Draw(index, draw, parameter)));
            if (!constraints.All(constraint => constraint.Holds(configuration)))
                rejected++;
            else if (kept++ == attempt)
                return new Suggestion(configuration);
        }
        return null;
    }
}

/// <summary>The source of the numbers of a <see cref="SequenceSearch"/>. Pure.</summary>
internal interface ISequence
{
    /// <summary>
    /// The number for a parameter of point <paramref name="index"/> when it is drawn for the <paramref name="draw"/>-th time (from 0): in
    /// [0, 1), and above 0 if <see cref="Distribution.NeedsOpenInterval"/>.
    /// </summary>
    double Draw(int index, int draw, Parameter parameter);
}

/// <summary>Independent numbers by seed, point and name (docs/search.md, 1); they do not depend on other parameters or points.</summary>
internal sealed class RandomSequence(ulong seed) : ISequence
{
    public double Draw(int index, int draw, Parameter parameter)
    {
        var bits = SplitMix64.Draw(seed, (ulong)index + ((ulong)draw << 32), parameter.Name);
        return Unit(bits, parameter);
    }

    /// <summary>The upper 53 bits as a number in [0, 1). If 0 must not occur, half a unit in the last place is added.</summary>
    internal static double Unit(ulong bits, Parameter parameter) =>
        ((bits >> 11) + (parameter.Distribution.NeedsOpenInterval ? 0.5 : 0)) * (1.0 / (1UL << 53));
}
