namespace Sweeps.Analysis;

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
