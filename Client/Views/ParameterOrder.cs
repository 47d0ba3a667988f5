namespace Client.Views;

/// <summary>The order of the columns of a table of runs.</summary>
public static class ParameterOrder
{
    // A narrower column is rare: below this many cells a parameter it is not worth computing which ones matter.
    private const int LeastColumn = 16;

    // The forest of fANOVA takes seconds above.
    private const int MostRuns = 5000;

    /// <summary>
    /// The parameters that vary: in the order of a grid where all have room in <paramref name="width"/> cells, otherwise the most important first, as
    /// far as enough runs tell.
    /// </summary>
    public static IReadOnlyList<string> Of(SweepHistory history, int width) =>
        history.Varying.Count * LeastColumn + 40 > width && history.State.Runs.Count <= MostRuns && SweepAnalysis.Of(history, []) is { } analysis
            ? [.. analysis.Rows.Select(row => row.Parameter).Where(history.Varying.Contains).Union(history.Varying)]
            : history.Varying;
}
