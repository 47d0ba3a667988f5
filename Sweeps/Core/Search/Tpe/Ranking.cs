namespace Sweeps.Core.Search.Tpe;

/// <summary>The runs that made a good impression and the others: indices of observations, ascending.</summary>
internal readonly record struct Ranking(int[] Below, int[] Above)
{
    private const double Share = 0.1;
    private const int MostBelow = 25;

    /// <summary>
    /// Completed runs by value, then pruned ones by (last epoch descending, value); equal ones in order. The best min(⌈n/10⌉, 25) are
    /// below. Running ones are above and do not count in n (the constant liar); failed ones are left out. Null with fewer than
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
        var scores = new (int Tier, double Value)?[observations.Count];
        var count = 0;
        for (var i = 0; i < scores.Length; i++)
            if (score(observations[i]) is var (tier, value))
            {
                scores[i] = (tier, double.IsNaN(value) ? double.PositiveInfinity : value);
                count++;
            }
        if (count < least)
            return null;
        var below = Best(scores, Math.Min((int)Math.Ceiling(Share * count), MostBelow)).ToHashSet();
        var above = new List<int>(scores.Length);
        for (var i = 0; i < scores.Length; i++)
            if (scores[i] is not null ? !below.Contains(i) : observations[i].Kind == ObservationKind.Running)
                above.Add(i);
        return new Ranking([.. below.Order()], [.. above]);
    }

    /// <summary>The indices of the best scores: of few at a time, so that a long history is passed once.</summary>
    private static List<int> Best((int Tier, double Value)?[] scores, int count)
    {
        var best = new List<int>(count + 1);
        for (var i = 0; i < scores.Length; i++)
        {
            if (scores[i] is not { } score || (best.Count == count && !Less(score, scores[best[^1]]!.Value)))
                continue;
            var at = best.Count;
            while (at > 0 && Less(score, scores[best[at - 1]]!.Value))
                at--;
            best.Insert(at, i);
            if (best.Count > count)
                best.RemoveAt(count);
        }
        return best;
    }

    private static bool Less((int Tier, double Value) one, (int Tier, double Value) other) =>
        one.Tier < other.Tier || (one.Tier == other.Tier && one.Value < other.Value);
}
