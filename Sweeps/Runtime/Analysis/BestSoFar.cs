namespace Sweeps.Analysis;

/// <summary>A reported value; smaller is better.</summary>
/// <param name="Run">The number of the run.</param>
/// <param name="Epoch">The epoch of the run.</param>
/// <param name="Time">The time since the start of the sweep.</param>
/// <param name="Value">The value.</param>
public readonly record struct Arrival(int Run, int Epoch, TimeSpan Time, double Value);

/// <summary>A new best value of a sweep.</summary>
/// <param name="Epochs">The number of epochs that all runs together had trained, including this one.</param>
/// <param name="Time">The time since the start of the sweep.</param>
/// <param name="Run">The number of the run.</param>
/// <param name="Epoch">The epoch of the run.</param>
/// <param name="Value">The value.</param>
public readonly record struct Improvement(long Epochs, TimeSpan Time, int Run, int Epoch, double Value);

/// <summary>The best value so far against epochs trained and against time.</summary>
public static class BestSoFar
{
    /// <summary>
    /// The values, in order of arrival, that were better than all earlier ones. Ignores NaN and infinity.
    /// </summary>
    public static IReadOnlyList<Improvement> Of(IEnumerable<Arrival> arrivals)
    {
        var improvements = new List<Improvement>();
        var (epochs, best) = (0L, double.PositiveInfinity);
        foreach (var arrival in arrivals)
        {
            epochs++;
            if (!double.IsFinite(arrival.Value) || !(arrival.Value < best))
                continue;
            best = arrival.Value;
            improvements.Add(new Improvement(epochs, arrival.Time, arrival.Run, arrival.Epoch, best));
        }
        return improvements;
    }

    /// <summary>The best value after <paramref name="epochs"/> trained epochs; null if there was none yet.</summary>
    public static double? After(IReadOnlyList<Improvement> improvements, long epochs) =>
        improvements.LastOrDefault(improvement => improvement.Epochs <= epochs) is { Epochs: > 0 } best ? best.Value : null;
}

/// <summary>The best value (smaller is better) and the training time of a run.</summary>
public readonly record struct Tradeoff(int Run, double Value, double Seconds);

/// <summary>The Pareto front of runs in value and training time.</summary>
public static class ParetoFront
{
    /// <summary>
    /// The front from the fastest to the best run. Of equal runs it has the one with the lowest number. Ignores runs whose value or time is not
    /// finite.
    /// </summary>
    public static IReadOnlyList<Tradeoff> Of(IEnumerable<Tradeoff> runs)
    {
        var front = new List<Tradeoff>();
        var sorted = runs.Where(run => double.IsFinite(run.Value) && double.IsFinite(run.Seconds))
            .OrderBy(run => run.Seconds).ThenBy(run => run.Value).ThenBy(run => run.Run);
        foreach (var run in sorted)
            if (front.Count == 0 || run.Value < front[^1].Value)
                front.Add(run);
        return front;
    }
}
