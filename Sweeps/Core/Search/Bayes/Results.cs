namespace Sweeps.Core.Search.Bayes;

/// <summary>What a Gaussian process is fitted to, and what it still waits for.</summary>
/// <param name="Known">Configurations with finite values, in order of run number.</param>
/// <param name="Pending">Configurations of running runs whose values are to be predicted.</param>
/// <param name="Settled">How many of the known come before the first run that still trains: nothing will come between them.</param>
internal sealed record Results(IReadOnlyList<(Configuration Configuration, double Value)> Known, IReadOnlyList<Configuration> Pending, int Settled)
{
    private const int Most = 500;
    private const int MostBest = 100;

    /// <summary>
    /// The results of a history: best values of completed runs and last ones of pruned runs; with rungs, the values at the largest rung
    /// with ten finite ones. Values that are not finite become the worst finite one, failed runs are imputed. Null when nothing is finite
    /// yet.
    /// </summary>
    public static Results? Of(IReadOnlyList<Observation> observations, Imputation failed, Imputation? running)
    {
        int? rung = null;
        if (observations.Any(observation => observation.AtRungs.Count > 0) && (rung = LargestRung.Of(observations)) is null)
            return null;
        var values = observations.Select(observation => Own(observation, rung)).ToArray();
        var worst = values.Where(value => value is { } x && double.IsFinite(x)).Max();
        if (worst is null)
            return null;
        var known = new List<(Configuration, double)>(values.Length);
        var pending = new List<Configuration>();
        int? settled = null;
        for (var i = 0; i < values.Length; i++)
        {
            var observation = observations[i];
            if (observation.Kind == ObservationKind.Running)
                settled ??= known.Count;
            var value = observation.Kind switch
            {
                ObservationKind.Failed => Impute(observation, failed) ?? worst,
                ObservationKind.Running when values[i] is null && running is { } rule => Impute(observation, rule) ?? worst,
                _ => values[i],
            };
            if (value is { } x)
                known.Add((observation.Configuration, double.IsFinite(x) ? x : worst.Value));
            else if (observation.Kind == ObservationKind.Running)
                pending.Add(observation.Configuration);
        }
        return new Results(known, pending, settled ?? known.Count);
    }

    private static double? Own(Observation observation, int? rung)
    {
        if (rung is { } epoch)
            return LargestRung.At(observation, epoch);
        return observation.Kind is ObservationKind.Completed or ObservationKind.Pruned ? observation.Value : null;
    }

    /// <summary>A value of the run's own by a rule, or null for the worst of all.</summary>
    private static double? Impute(Observation observation, Imputation rule)
    {
        var seen = observation.AtRungs.Select(at => at.Value).Append(observation.Value).Where(double.IsFinite).ToArray();
        return rule == Imputation.Worst || seen.Length == 0 ? null : rule == Imputation.Best ? seen.Min() : seen[^1];
    }

    /// <summary>Of the first <paramref name="count"/> results, if they are more than 500, the best 100 and the newest 400 others.</summary>
    public IReadOnlyList<(Configuration Configuration, double Value)> Limited(int count)
    {
        if (count <= Most)
            return count == Known.Count ? Known : [.. Known.Take(count)];
        var byValue = Enumerable.Range(0, count).OrderBy(i => Known[i].Value).ThenBy(i => i).ToArray();
        var kept = byValue[..MostBest].Concat(byValue[MostBest..].OrderDescending().Take(Most - MostBest)).Order();
        return [.. kept.Select(i => Known[i])];
    }
}
