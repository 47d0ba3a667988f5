namespace Sweeps.Analysis;

/// <summary>A value that was reported, in the order of arrival; smaller is better.</summary>
/// <param name="Run">Whose.</param>
/// <param name="Epoch">At which of its epochs.</param>
/// <param name="Time">Since the start of the sweep.</param>
/// <param name="Value">What.</param>
public readonly record struct Arrival(int Run, int Epoch, TimeSpan Time, double Value);

/// <summary>A new best value of a sweep.</summary>
/// <param name="Epochs">Epochs of all runs that had been trained, its own included.</param>
/// <param name="Time">Since the start of the sweep.</param>
/// <param name="Run">Whose.</param>
/// <param name="Epoch">At which of its epochs.</param>
/// <param name="Value">The value.</param>
public readonly record struct Improvement(long Epochs, TimeSpan Time, int Run, int Epoch, double Value);

/// <summary>The best value so far against epochs trained and against time.</summary>
public static class BestSoFar
{
    /// <summary>
    /// Every arrival that was better than all before it. Between two of them the curve is flat. NaN and infinity never are the best.
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

    /// <summary>The best value once so many epochs had been trained, or null when there was none.</summary>
    public static double? After(IReadOnlyList<Improvement> improvements, long epochs)
    {
        double? best = null;
        foreach (var improvement in improvements.TakeWhile(improvement => improvement.Epochs <= epochs))
            best = improvement.Value;
        return best;
    }
}

/// <summary>A run by what it reached (smaller is better) and what it cost in seconds.</summary>
public readonly record struct Tradeoff(int Run, double Value, double Seconds);

/// <summary>The runs that no other run beats in value and seconds at once.</summary>
public static class ParetoFront
{
    /// <summary>
    /// The front from the fastest to the best. Of equal runs the lowest number stands for all; runs without finite value and seconds are
    /// left out.
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
