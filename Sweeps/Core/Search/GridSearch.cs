using Sweeps.Core.Space;

namespace Sweeps.Core.Search;

/// <summary>
/// Every point of a grid once, in order or in a seeded random order, without those that break a constraint. Points are numbered; a repeated
/// attempt takes the next one.
/// </summary>
/// <param name="grid">The points.</param>
/// <param name="constraints">What every proposal keeps.</param>
/// <param name="order">The order of a shuffled grid, or null.</param>
public sealed class GridSearch(GridSpace grid, IReadOnlyList<Constraint> constraints, Permutation? order = null) : ISearch
{
    /// <summary>So many points, or parts of the grid, that break a constraint one after the other, and the grid counts as used up.</summary>
    public const int LongestWalk = 1_000_000;

    private readonly List<long> kept = [];

    /// <inheritdoc/>
    public long? Size => grid.Size;

    /// <inheritdoc/>
    public Configuration? Propose(int index, int attempt, IHistory history)
    {
        var wanted = (long)index + attempt;
        if (constraints.Count == 0)
            return wanted < grid.Size ? grid[order?[wanted] ?? wanted] : null;
        while (kept.Count <= wanted)
        {
            if (Next(kept.Count == 0 ? 0 : kept[^1] + 1) is not { } next)
                return null;
            kept.Add(next);
        }
        return grid[order?[kept[(int)wanted]] ?? kept[(int)wanted]];
    }

    private long? Next(long from)
    {
        if (order is null)
            return grid.At(from, constraints, LongestWalk)?.Number;
        for (var n = from; n < grid.Size && n - from < LongestWalk; n++)
        {
            var configuration = grid[order[n]];
            if (constraints.All(constraint => constraint.Holds(configuration)))
                return n;
        }
        return null;
    }
}
