using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Core.Space;

namespace Sweeps.Files;

/// <summary>The number of configurations that a sweep can run.</summary>
/// <param name="Configurations">
/// The number that the method can propose; null if it is infinite. If they are few enough to be enumerated, only those that satisfy the constraints are
/// counted.
/// </param>
/// <param name="Runs">The maximum number of runs without <c>run_cap</c>: configurations and enqueued ones, each once. Null for no limit.</param>
/// <param name="Exact">Whether both numbers take the constraints and equal configurations into account.</param>
/// <param name="Satisfying">The share of random configurations that satisfy the constraints; null without constraints.</param>
public sealed record SpaceSize(long? Configurations, long? Runs, bool Exact, ConstraintShare? Satisfying)
{
    /// <summary>Counts the configurations of a sweep.</summary>
    public static SpaceSize Of(SweepSpec spec)
    {
        var satisfying = spec.Constraints.Count > 0 ? ConstraintShare.Of(spec) : null;
        var all = spec.Method == SearchMethod.Grid ? new GridSpace(spec.Space) : GridSpace.OfDraws(spec.Space);
        if (all is null)
            return new SpaceSize(null, null, Exact: false, satisfying);
        if (all.Size > GridSpace.MaxSteps)
            return new SpaceSize(all.Size, spec.Method == SearchMethod.Grid ? Sum(all.Size, spec.Enqueue.Count) : null, Exact: false, satisfying);
        if (spec.Constraints.Count == 0 && spec.Enqueue.Count == 0)
            return new SpaceSize(all.Size, all.Size, Exact: true, satisfying);
        var enqueued = spec.Enqueue.ToHashSet();
        var (count, fresh) = (0L, 0L);
        for (var n = 0L; all.At(n, spec.Constraints, GridSpace.MaxSteps) is var (number, configuration); n = number + 1)
            (count, fresh) = (count + 1, fresh + (enqueued.Contains(configuration) ? 0 : 1));
        return new SpaceSize(count, fresh + enqueued.Count, Exact: true, satisfying);
    }

    private static long Sum(long size, int more) => size > long.MaxValue - more ? long.MaxValue : size + more;
}
