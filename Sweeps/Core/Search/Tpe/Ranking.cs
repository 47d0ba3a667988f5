namespace Sweeps.Core.Search.Tpe;

/// <summary>The runs that made a good impression and the others: indices of observations, ascending.</summary>
internal readonly record struct Ranking(int[] Below, int[] Above)
{
    private const double Share = 0.1;
    private const int MostBelow = 25;

    /// <summary>
    /// Completed runs by value, then pruned ones by (last epoch descending, value); equal ones in order. The best min(⌈n/10⌉, 25) are below.
    /// Running ones are above and do not count in n (the constant liar); failed ones are left out. Null with fewer than
    /// <paramref name="least"/> completed or pruned runs.
    /// </summary>
    public static Ranking? Of(IReadOnlyList<Observation> observations, int least) =>
        Split(observations, least, observation => observation.Kind switch
        {
            ObservationKind.Completed => (int.MinValue, observation.Value),
            ObservationKind.Pruned => (-observation.Epoch, observation.Value),
            _ => null,
        });

    /// <summary>The same on the values of one rung alone: runs that have none there are left out, but for running ones.</summary>
    public static Ranking? At(IReadOnlyList<Observation> observations, int rung, int least) =>
        Split(observations, least, observation => LargestRung.At(observation, rung) is { } value ? (0, value) : null);

    private static Ranking? Split(IReadOnlyList<Observation> observations, int least, Func<Observation, (int Tier, double Value)?> score)
    {
        var scored = new List<(int Tier, double Value, int Index)>(observations.Count);
        var above = new List<int>(observations.Count);
        for (var i = 0; i < observations.Count; i++)
        {
            var observation = observations[i];
            if (score(observation) is var (tier, value))
                scored.Add((tier, double.IsNaN(value) ? double.PositiveInfinity : value, i));
            else if (observation.Kind == ObservationKind.Running)
                above.Add(i);
        }
        if (scored.Count < least)
            return null;
        scored.Sort();
        var count = Math.Min((int)Math.Ceiling(Share * scored.Count), MostBelow);
        var below = scored.Take(count).Select(run => run.Index).Order().ToArray();
        above.AddRange(scored.Skip(count).Select(run => run.Index));
        above.Sort();
        return new Ranking(below, [.. above]);
    }
}
