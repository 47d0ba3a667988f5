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
