using Sweeps.Core.Space;

namespace Sweeps.Core.Search;

/// <summary>
/// Asks a search for configurations that no run has. A space with few enough configurations is used up like a grid: when the search proposes only
/// known ones, the next of all configurations in a seeded order that has no run yet is taken. Keeps its position in that order; results depend
/// on the arguments only, as long as known configurations stay known.
/// </summary>
internal sealed class UnusedConfigurations
{
    /// <summary>Attempts for one run before its configuration is taken from all configurations or repeated.</summary>
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
        if (GridSpace.OfDraws(spec.Space) is { Size: <= GridSpace.LongestWalk } few)
            (all, order) = (few, new Permutation(spec.Seed, few.Size));
    }

    /// <summary>
    /// A configuration that is not known; a known one when the search proposes nothing else and the configurations are too many to visit. Null when
    /// all have run, or, with a problem, when none satisfies the constraints.
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
                return (new Suggestion(configuration, $"{Attempts} proposals in a row had run"), null);
        }
        return (null, anyAllowed ? null : ConstraintShare.Of(spec).Describe());
    }
}
