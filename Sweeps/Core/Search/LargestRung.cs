namespace Sweeps.Core.Search;

/// <summary>
/// Chooses the values to which a model is fitted when a rule has rungs: those at the largest epoch at which at least ten runs have a finite
/// value (docs/search.md, 4 and 5). A diverged or failed run has the value +∞ at every epoch that it did not reach.
/// </summary>
internal static class LargestRung
{
    private const int MinFinite = 10;

    /// <summary>The epoch, or null if no epoch has enough values.</summary>
    public static int? Of(IReadOnlyList<Observation> observations)
    {
        var finite = new Dictionary<int, int>();
        foreach (var observation in observations)
        {
            foreach (var (epoch, value) in observation.AtRungs)
                Count(epoch, value);
            if (IsBeyondRungs(observation))
                Count(observation.Epoch, observation.Value);
        }
        return finite.Where(rung => rung.Value >= MinFinite).Max(rung => (int?)rung.Key);

        void Count(int epoch, double value)
        {
            if (double.IsFinite(value))
                finite[epoch] = finite.GetValueOrDefault(epoch) + 1;
        }
    }

    /// <summary>The value of a run at an epoch, or null.</summary>
    public static double? At(Observation observation, int epoch)
    {
        foreach (var rung in observation.AtRungs)
            if (rung.Epoch == epoch)
                return rung.Value;
        if (IsBeyondRungs(observation) && observation.Epoch == epoch)
            return observation.Value;
        return observation is { Kind: ObservationKind.Failed } or { Kind: ObservationKind.Pruned, Value: double.PositiveInfinity }
            ? double.PositiveInfinity
            : null;
    }

    private static bool IsBeyondRungs(Observation observation) =>
        observation.Kind == ObservationKind.Completed && observation.AtRungs.All(rung => rung.Epoch != observation.Epoch);
}
