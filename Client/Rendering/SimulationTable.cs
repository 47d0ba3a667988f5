using System.Globalization;
using Client.Simulating;
using Client.Views;
using Spectre.Console;
using Spectre.Console.Rendering;
using Sweeps.Core;

namespace Client.Rendering;

/// <summary>Simulated sweeps side by side: what each cost and how good it was.</summary>
public static class SimulationTable
{
    private const int LeastLabel = 10;

    /// <summary>The text for <paramref name="width"/> columns; where they do not fit, the least telling columns are left out.</summary>
    /// <param name="contenders">At least one.</param>
    /// <param name="slots">How many slots each had.</param>
    /// <param name="width">Columns available.</param>
    public static IRenderable Build(IReadOnlyList<Contender> contenders, int slots, int width)
    {
        var (specs, seeds) = (contenders.Select(contender => contender.File.Spec).ToList(), contenders[0].Sweeps.Count);
        var metric = specs.Select(spec => spec.Objective.Name).Distinct().Count() == 1 ? specs[0].Objective.Name : "best";
        var head = specs.Select(spec => spec.Name).Distinct().Count() == 1 ? "stopping" : "sweep";
        var lines = new List<IRenderable>
        {
            new Text(Words.Fit(
                $"  {string.Join(", ", specs.Select(spec => SweepViews.Trained(spec.Trainable)).Distinct())}, simulated on {SweepWords.Slots(slots)}; time in epochs"
                + (seeds > 1 ? $"; {seeds:N0} seeds, mean ± standard error" : ""), width), Palette.Dim),
            Text.Empty,
            Table(contenders, head, metric, width),
            Text.Empty,
        };
        foreach (var contender in contenders)
            lines.Add(new Text(Words.Fit($"  {(contenders.Count > 1 ? contender.Label + ": " : "")}{Ends(contender)}", width), Palette.Dim));
        if (contenders is [{ Sweeps: [{ Winner: { } winner, Best: { } best }] }])
            lines.AddRange([
                Text.Empty, new Text(Words.Fit($"  run {best.Run}, after {best.Epochs:N0} epochs", width), Palette.Dim),
                Facts.Build(winner.Select(pair => (pair.Key, Words.Value(pair.Value))), width)]);
        return new Rows(lines);
    }

    private static Grid Table(IReadOnlyList<Contender> contenders, string head, string metric, int width)
    {
        var columns = Fitting(Columns(contenders, metric), width);
        var label = Math.Clamp(contenders.Max(contender => contender.Label.Length), LeastLabel, Math.Max(LeastLabel, width - 2 - columns.Sum(column => column.Width + 2)));
        var grid = new Grid { Expand = false }.AddColumn(new GridColumn { Width = label, NoWrap = true, Padding = new Padding(2, 0, 0, 0) });
        foreach (var column in columns)
            grid.AddColumn(new GridColumn { Width = column.Width, NoWrap = true, Alignment = Justify.Right, Padding = new Padding(2, 0, 0, 0) });
        grid.AddRow([new Text(head, Palette.Dim), .. columns.Select(column => new Text(column.Head, Palette.Dim))]);
        foreach (var (row, contender) in contenders.Index())
            grid.AddRow([new Text(Words.Fit(contender.Label, label)), .. columns.Select(column => new Text(column.Cells[row]))]);
        return grid;
    }

    /// <summary>The columns in the order they are shown; the last to go is the one with the least <see cref="Column.Rank"/>.</summary>
    private static IEnumerable<Column> Columns(IReadOnlyList<Contender> contenders, string metric)
    {
        var epochs = contenders.SelectMany(contender => contender.Sweeps).Max(sweep => sweep.Epochs);
        yield return new Column("runs", 3, [.. contenders.Select(contender => Count(contender.Runs))]);
        yield return new Column("epochs", 2, [.. contenders.Select(contender => Count(contender.Epochs))]);
        yield return new Column("time", 4, [.. contenders.Select(contender => Count(contender.Time))]);
        yield return new Column(Words.Fit(metric, 16), 0, [.. contenders.Select(contender => Value(contender.Best))]);
        if (contenders.All(contender => contender.Sweeps.All(sweep => sweep.Best is null or { Regret: null })))
            yield break;
        yield return new Column($"regret at {epochs / 4:N0}", 5, [.. contenders.Select(contender => Value(contender.RegretAfter(epochs / 4)))]);
        yield return new Column("regret", 1, [.. contenders.Select(contender => Value(contender.RegretAfter(epochs)))]);
    }

    private static List<Column> Fitting(IEnumerable<Column> columns, int width)
    {
        var kept = columns.ToList();
        while (kept.Count > 1 && 2 + LeastLabel + kept.Sum(column => column.Width + 2) > width)
            kept.Remove(kept.MaxBy(column => column.Rank)!);
        return kept;
    }

    private static string Count(Spread spread) => spread.Mean.ToString("N0", CultureInfo.InvariantCulture);

    private static string Value(Spread spread) => double.IsNaN(spread.Mean) ? "–"
        : spread.Count == 1 ? Words.Metric(spread.Mean)
        : $"{Words.Metric(spread.Mean)} ±{Words.Metric(spread.Error)}";

    private static string Ends(Contender contender) => string.Join(" · ", contender.Ends.Select(end =>
        $"{end.Runs.ToString("#,0.#", CultureInfo.InvariantCulture)} {Words.End(end.End)}"));

    private sealed record Column(string Head, int Rank, IReadOnlyList<string> Cells)
    {
        public int Width => Cells.Append(Head).Max(cell => cell.Length);
    }
}
