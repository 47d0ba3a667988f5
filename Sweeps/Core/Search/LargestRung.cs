namespace Sweeps.Core.Search;

/// <summary>
/// The values a model is fitted to under early termination: those of the largest epoch at which at least ten runs have a finite value
/// (docs/search.md, 4 and 5). A run that diverged counts as +∞ at every epoch.
/// </summary>
internal static class LargestRung
{
    private const int LeastFinite = 10;

    /// <summary>The epoch, or null while no epoch has enough values.</summary>
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
        return finite.Where(level => level.Value >= LeastFinite).Max(level => (int?)level.Key);

        void Count(int epoch, double value)
        {
            if (double.IsFinite(value))
                finite[epoch] = finite.GetValueOrDefault(epoch) + 1;
        }
    }

    /// <summary>The value of a run at an epoch, or null when it has none there.</summary>
    public static double? At(Observation observation, int epoch)
    {
        foreach (var rung in observation.AtRungs)
            if (rung.Epoch == epoch)
                return rung.Value;
        if (IsBeyondRungs(observation) && observation.Epoch == epoch)
            return observation.Value;
        return observation is { Kind: ObservationKind.Pruned, Value: double.PositiveInfinity } ? double.PositiveInfinity : null;
    }

    private static bool IsBeyondRungs(Observation observation) =>
        observation.Kind == ObservationKind.Completed && observation.AtRungs.All(rung => rung.Epoch != observation.Epoch);
}
