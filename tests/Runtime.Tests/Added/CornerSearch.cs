using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Core.Space;

namespace Runtime.Tests.Added;

/// <summary>A search method in one file: first the corners of the space, then points near the best corner.</summary>
internal sealed class CornerSearch(SweepSpec spec) : ISearch
{
    public static SearchMethod Method { get; } = new("corners", spec => new CornerSearch(spec), NeedsMetric: true);

    public long? Size => null;

    public Suggestion? Propose(int index, int attempt, IHistory history)
    {
        var best = history.Observations.Where(run => run.Kind == ObservationKind.Completed).MinBy(run => run.Value)?.Run ?? index;
        var corners = 1 << spec.Space.Parameters.Count;
        var (corner, depth) = index < corners ? (index, 0) : (best % corners, index - corners + 1 + attempt);
        return new Suggestion(spec.Space.Assemble(parameter => parameter.Distribution.Quantile(At(corner >> IndexOf(parameter), depth))));
    }

    private static double At(int corner, int depth) => (corner & 1) == 0 ? 0.001 + depth / 100.0 : 0.999 - depth / 100.0;

    private int IndexOf(Parameter parameter) => spec.Space.Parameters.Index().First(pair => pair.Item == parameter).Index;
}
