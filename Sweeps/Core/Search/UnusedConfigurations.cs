using Sweeps.Core.Space;

namespace Sweeps.Core.Search;

/// <summary>
/// Gets configurations from a search that no run has. A space with few configurations is enumerated: when the search proposes only known
/// ones, the next unused configuration in a seeded order of all configurations is returned. Keeps its position in that order; results
/// depend only on the arguments as long as known configurations stay known.
/// </summary>
internal sealed class UnusedConfigurations
{
    /// <summary>The number of attempts per run before its configuration is taken from the enumeration or repeated.</summary>
    private const int Attempts = 100;

    private readonly ISearch search;
    private readonly SweepSpec spec;
    private readonly GridSpace? all;
    private readonly Permutation? order;
    private long next;
    private bool anyAllowed;

    public UnusedConfigurations(ISearch search, SweepSpec spec)
    {
        (this.search, this.spec) = (search, spec);
        if (GridSpace.OfDraws(spec.Space) is { Size: <= GridSpace.MaxSteps } few)
            (all, order) = (few, new Permutation(spec.Seed, few.Size));
    }

    /// <summary>
    /// Returns an unknown configuration; or a known one when the search proposes no other and there are too many configurations to
    /// enumerate. Null when all are known, or, with a problem, when none satisfies the constraints.
    /// </summary>
    public (Suggestion? Suggestion, string? Problem) Next(int index, IHistory history, Func<Configuration, bool> known)
    {
        Suggestion? last = null;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            last = search.Propose(index, attempt, history);
            if (last is null)
                break;
            if (!known(last.Configuration))
                return (last, null);
        }
        if (all is null)
            return (last, last is null ? ConstraintShare.Of(spec).Describe() : null);
        for (; next < all.Size; next++)
        {
            var configuration = all[order![next]];
            if (!spec.Constraints.All(constraint => constraint.Holds(configuration)))
                continue;
            anyAllowed = true;
            if (!known(configuration))
                return (new Suggestion(configuration, last is null ? "the search found no further one within the constraints" : $"{Attempts} proposals in a row had run"), null);
        }
        return (null, anyAllowed ? null : ConstraintShare.Of(spec).Describe());
    }
}
