using System.Globalization;
using Client.Views;
using Spectre.Console;
using Spectre.Console.Rendering;
using Sweeps.Analysis;

namespace Client.Output;

/// <summary>Renders the importance of each hyperparameter and its correlation with the metric.</summary>
public static class ImportanceTable
{
    private const int BarWidth = 12;

    /// <summary>The text for <paramref name="width"/> columns; under 60 the bars and PED-ANOVA are left out.</summary>
    public static IRenderable Build(SweepHistory history, SweepAnalysis analysis, int width)
    {
        var wide = width >= 60;
        var nameWidth = Math.Min(analysis.Rows.Select(row => row.Parameter.Length).Append("parameter".Length).Max(), wide ? 24 : 18);
        var grid = new Grid { Expand = false }.AddColumn(Column(nameWidth, left: 2));
        if (wide)
            grid.AddColumn(Column(BarWidth));
        grid.AddColumn(Column(6, Justify.Right));
        if (wide)
            grid.AddColumn(Column(9, Justify.Right));
        var rest = Math.Max(10, width - nameWidth - 4 - 8 - (wide ? BarWidth + 2 + 11 : 0));
        grid.AddColumn(Column(rest, right: 0));

        var few = analysis.Parameters.Compared < analysis.Parameters.RecommendedRuns;
        grid.AddRow([.. Row(Head("parameter"), Head(""), Head("fanova"), Head("ped-anova"), Head("goes with"), wide)]);
        foreach (var row in analysis.Rows)
            grid.AddRow([.. Row(new Text(Format.Fit(row.Parameter, nameWidth)), new EpochBar((int)Math.Round(row.Fanova * 1000), 1000, BarWidth, Palette.Accent),
                new Text(Percent(row.Fanova, few)), new Text(Percent(row.PedAnova, few)), new Text(Format.Fit(Direction(row), rest), Palette.Dim), wide)]);
        List<string> notes =
        [
            $"'goes with' is the rank correlation with {analysis.Parameters.Metric}: +1 if it always rises with the parameter, -1 if it always falls, 0 if neither. "
            + "A category has the value that runs with it tend to have.",
        ];
        if (few)
            notes.Insert(0, $"Only {analysis.Parameters.Compared:N0} runs for {analysis.Rows.Count} parameters: the shares are rough, {analysis.Parameters.RecommendedRuns:N0} runs or more would tell.");
        if (analysis.Parameters.Stopped > 0)
            notes.Insert(0, $"{analysis.Parameters.Stopped:N0} runs were stopped before epoch {analysis.Parameters.Epoch} and are missing. Those that are left are the good ones, which can hide what "
                + "mattered: compare with a lower --epoch.");
        return new Rows(
            [
                new Text(Format.Fit($"  What mattered for {analysis.Parameters.Metric} at epoch {analysis.Parameters.Epoch}, from {analysis.Parameters.Compared:N0} of {history.State.Runs.Count:N0} runs", width), Palette.Dim),
                Text.Empty,
                grid,
                Text.Empty,
                .. notes.Select(note => new Padder(new Text(note, Palette.Dim), new Padding(2, 0, 0, 0))),
            ]);
    }

    private static Text Head(string text) => new(text, Palette.Dim);

    private static string Percent(double share, bool rough) => share.ToString(rough ? "0 %" : "0.0 %", CultureInfo.InvariantCulture);

    private static string Direction(ImportanceRow row)
    {
        if (row.Correlations is [{ Category: null } number])
            return Math.Abs(number.Spearman) < 0.1 ? "no clear direction" : $"{(number.Spearman > 0 ? "rises" : "falls")} with it ({Signed(number.Spearman)})";
        var ordered = row.Correlations.Where(one => one.Category is not null).OrderByDescending(one => one.Spearman).ToList();
        return ordered.Count < 2 ? "" : $"high: {Show(ordered[0])}, low: {Show(ordered[^1])}";
    }

    private static string Show(Correlation one) => string.Create(CultureInfo.InvariantCulture, $"{one.Category} ({Signed(one.Spearman)})");

    // Adding 0 changes -0, the result of rounding a small negative number, to 0.
    private static string Signed(double correlation) => (Math.Round(correlation, 2) + 0.0).ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture);

    private static GridColumn Column(int width, Justify alignment = Justify.Left, int left = 0, int right = 2) =>
        new() { Width = width, NoWrap = true, Alignment = alignment, Padding = new Padding(left, 0, right, 0) };

    private static IEnumerable<IRenderable> Row(IRenderable name, IRenderable bar, IRenderable fanova, IRenderable ped, IRenderable direction, bool wide) =>
        wide ? [name, bar, fanova, ped, direction] : [name, fanova, direction];
}
