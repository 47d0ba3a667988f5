using Sweeps.Core.Space;

namespace Sweeps.Core.Search;

/// <summary>
/// Proposes every point of a grid that satisfies the constraints once, in order or in a seeded random order. A further attempt returns a
/// later point.
/// </summary>
/// <param name="grid">The points.</param>
/// <param name="constraints">Constraints that every proposal satisfies.</param>
/// <param name="order">The order of a shuffled grid, or null.</param>
internal sealed class GridSearch(GridSpace grid, IReadOnlyList<Constraint> constraints, Permutation? order = null) : ISearch
{
    private readonly List<long> kept = [];

    public long? Size => grid.Size;

    public Suggestion? Propose(int index, int attempt, IHistory history)
    {
        var wanted = (long)index + attempt;
        if (constraints.Count == 0)
            return wanted < grid.Size ? new Suggestion(grid[order?[wanted] ?? wanted]) : null;
        while (kept.Count <= wanted)
        {
            if (Next(kept.Count == 0 ? 0 : kept[^1] + 1) is not { } next)
                return null;
            kept.Add(next);
        }
        return new Suggestion(grid[order?[kept[(int)wanted]] ?? kept[(int)wanted]]);
    }

    private long? Next(long from)
    {
        if (order is null)
            return grid.At(from, constraints, GridSpace.MaxSteps)?.Number;
        for (var n = from; n < grid.Size && n - from < GridSpace.MaxSteps; n++)
        {
            var configuration = grid[order[n]];
            if (constraints.All(constraint => constraint.Holds(configuration)))
                return n;
        }
        return null;
    }
}
