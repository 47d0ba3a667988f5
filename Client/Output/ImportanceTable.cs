using System.Globalization;
using Client.Views;
using Spectre.Console;
using Spectre.Console.Rendering;
using Sweeps.Analysis;

namespace Client.Output;

/// <summary>Renders the importance of each hyperparameter and its correlation with the metric.</summary>
public static class ImportanceTable
{
    private const int BarWidth = 12, PedWidth = 9;

    /// <summary>
    /// The text for <paramref name="width"/> columns. Where the directions have no room, the bars are left out, and then PED-ANOVA; only then directions
    /// are cut.
    /// </summary>
    public static IRenderable Build(SweepHistory history, SweepAnalysis analysis, int width)
    {
        var few = analysis.Parameters.Compared < analysis.Parameters.RecommendedRuns;
        var fanovaWidth = few ? "fanova".Length : "100.0 %".Length;
        var nameWidth = Math.Min(analysis.Rows.Select(row => Format.CellWidth(row.Parameter)).Append("parameter".Length).Max(), width >= 60 ? 24 : 18);
        var room = width - nameWidth - 4 - fanovaWidth - 2;
        var direction = analysis.Rows.Select(row => Format.CellWidth(Direction(row))).Append("goes with".Length).Max();
        var bars = direction + BarWidth + 2 + PedWidth + 2 <= room;
        var ped = direction + PedWidth + 2 <= room;
        var rest = Math.Max(10, room - (ped ? PedWidth + 2 : 0) - (bars ? BarWidth + 2 : 0));

        var grid = new Grid { Expand = false }.AddColumn(Column(nameWidth, left: 2));
        if (bars)
            grid.AddColumn(Column(BarWidth));
        grid.AddColumn(Column(fanovaWidth, Justify.Right));
        if (ped)
            grid.AddColumn(Column(PedWidth, Justify.Right));
        grid.AddColumn(Column(rest, right: 0));
        Row(Head("parameter"), Head(""), Head("fanova"), Head("ped-anova"), Head("goes with"));
        foreach (var row in analysis.Rows)
            Row(new Text(Format.Fit(row.Parameter, nameWidth)), new EpochBar((int)Math.Round(row.Fanova * 1000), 1000, BarWidth, Palette.Accent),
                new Text(Percent(row.Fanova, few)), new Text(Percent(row.PedAnova, few)), new Text(Format.Fit(Direction(row), rest), Palette.Dim));

        var metric = analysis.Parameters.Metric;
        List<string> notes =
        [
            $"fanova: the share of the differences in {metric} that the parameter explains alone"
            + (ped ? "; ped-anova: how differently it is distributed among the best tenth of the runs, as a share" : ""),
            $"goes with: the rank correlation with {metric}, +1 where it always rises with the parameter, -1 where it always falls, 0 where neither; of a category, "
            + "with having it",
        ];
        if (few)
            notes.Insert(0, $"Only {analysis.Parameters.Compared:N0} runs for {analysis.Rows.Count} parameters: the shares are rough, {analysis.Parameters.RecommendedRuns:N0} runs or more would tell.");
        if (analysis.Parameters.Stopped > 0)
            notes.Insert(0, $"{analysis.Parameters.Stopped:N0} runs were stopped before epoch {analysis.Parameters.Epoch} and are missing. Those that are left are the good ones, which can hide what "
                + "mattered: compare with a lower --epoch.");
        return new Rows(
            [
                Lines.Of($"What mattered for {metric} at epoch {analysis.Parameters.Epoch}, from {analysis.Parameters.Compared:N0} of {history.State.Runs.Count:N0} runs", width, Palette.Dim),
                Text.Empty,
                grid,
                Text.Empty,
                .. notes.Select(note => Lines.Of(note, width, Palette.Dim)),
            ]);

        void Row(IRenderable name, IRenderable bar, IRenderable fanova, IRenderable pedAnova, IRenderable direction) =>
            grid.AddRow([name, .. bars ? [bar] : Array.Empty<IRenderable>(), fanova, .. ped ? [pedAnova] : Array.Empty<IRenderable>(), direction]);
    }

    private static Text Head(string text) => new(text, Palette.Dim);

    private static string Percent(double share, bool rough) => share.ToString(rough ? "0 %" : "0.0 %", CultureInfo.InvariantCulture);

    private static string Direction(ImportanceRow row)
    {
        if (row.Correlations is [{ Category: null } number])
            return Math.Abs(number.Spearman) < 0.1 ? "no clear direction" : $"{(number.Spearman > 0 ? "rises" : "falls")} with it, {Signed(number.Spearman)}";
        var ordered = row.Correlations.Where(one => one.Category is not null).OrderByDescending(one => one.Spearman).ToList();
        return ordered.Count < 2 ? "" : $"{Show(ordered[0])}, {Show(ordered[^1])}";
    }

    private static string Show(Correlation one) => string.Create(CultureInfo.InvariantCulture, $"{one.Category} {Signed(one.Spearman)}");

    // Adding 0 changes -0, the result of rounding a small negative number, to 0.
    private static string Signed(double correlation) => (Math.Round(correlation, 2) + 0.0).ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture);

    private static GridColumn Column(int width, Justify alignment = Justify.Left, int left = 0, int right = 2) =>
        new() { Width = width, NoWrap = true, Alignment = alignment, Padding = new Padding(left, 0, right, 0) };
}
