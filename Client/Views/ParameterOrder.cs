namespace Client.Views;

/// <summary>The order of the columns of a table of runs.</summary>
public static class ParameterOrder
{
    // The assumed width of a parameter's column. Importance is computed only if the columns may not fit at this width.
    private const int MinColumnWidth = 16;

    // The largest number of runs for which importance is computed; the random forest of fANOVA takes seconds for more.
    private const int MaxRuns = 5000;

    /// <summary>
    /// The varying parameters: in the order of a grid if all fit into <paramref name="width"/> cells, otherwise the most important first,
    /// if importance can be computed.
    /// </summary>
    public static IReadOnlyList<string> Of(SweepHistory history, int width) =>
        history.Varying.Count * MinColumnWidth + 40 > width && history.State.Runs.Count <= MaxRuns && SweepAnalysis.Of(history, []) is { } analysis
            ? [.. analysis.Rows.Select(row => row.Parameter).Where(history.Varying.Contains).Union(history.Varying)]
            : history.Varying;
}
