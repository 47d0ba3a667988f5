using System.Globalization;
using Client.Local;
using Client.Views;
using Spectre.Console;
using Spectre.Console.Rendering;
using Sweeps.Core;

namespace Client.Output;

/// <summary>Renders simulated sweeps side by side: cost, best value, regret.</summary>
public static class SimulationTable
{
    private const int MinLabelWidth = 10;

    /// <summary>The text for <paramref name="width"/> columns; columns that do not fit are left out.</summary>
    /// <param name="variants">The variants, at least one.</param>
    /// <param name="slots">The number of virtual slots of each sweep.</param>
    /// <param name="width">The terminal's columns.</param>
    public static IRenderable Build(IReadOnlyList<SimulationVariant> variants, int slots, int width)
    {
        var (specs, seeds) = (variants.Select(variant => variant.File.Spec).ToList(), variants[0].Sweeps.Count);
        var metric = specs.Select(spec => spec.Objective.Name).Distinct().Count() == 1 ? specs[0].Objective.Name : "best";
        var head = specs.Select(spec => spec.Name).Distinct().Count() == 1 ? "stopping" : "sweep";
        var lines = new List<IRenderable>
        {
            Lines.Of(
                $"{string.Join(", ", specs.Select(spec => SpecText.Trained(spec.Trainable)).Distinct())}, simulated on {SpecText.Slots(slots)}; time in epochs"
                + (seeds > 1 ? $"; {seeds:N0} seeds, mean ± standard error" : ""), width, Palette.Dim),
            Text.Empty,
            Table(variants, head, metric, width),
            Text.Empty,
        };
        if (variants.Any(variant => variant.Sweeps.Any(sweep => sweep.Best is { Regret: not null })))
            lines.Add(Lines.Of("regret: how far the best run is from the optimum of the function, or from the best of the table (0) towards its median (1)", width, Palette.Dim));
        foreach (var variant in variants)
            lines.Add(Lines.Of($"{(variants.Count > 1 ? variant.Label + ": " : "")}{Ends(variant)}", width, Palette.Dim));
        if (variants is [{ Sweeps: [{ Winner: { } winner, Best: { } best }] }])
            lines.AddRange([
                Text.Empty, new Text(Format.Fit($"  run {best.Run}, after {best.Epochs:N0} epochs", width), Palette.Dim),
                NameValueTable.Build(winner.Select(pair => (pair.Key, Format.Value(pair.Value))), width)]);
        return new Rows(lines);
    }

    private static Grid Table(IReadOnlyList<SimulationVariant> variants, string head, string metric, int width)
    {
        var columns = Fitting(Columns(variants, metric), width);
        var label = Math.Clamp(variants.Max(variant => variant.Label.Length), MinLabelWidth, Math.Max(MinLabelWidth, width - 2 - columns.Sum(column => column.Width + 2)));
        var grid = new Grid { Expand = false }.AddColumn(new GridColumn { Width = label, NoWrap = true, Padding = new Padding(2, 0, 0, 0) });
        foreach (var column in columns)
            grid.AddColumn(new GridColumn { Width = column.Width, NoWrap = true, Alignment = Justify.Right, Padding = new Padding(2, 0, 0, 0) });
        grid.AddRow([new Text(head, Palette.Dim), .. columns.Select(column => new Text(column.Head, Palette.Dim))]);
        foreach (var (row, variant) in variants.Index())
            grid.AddRow([new Text(Format.Fit(variant.Label, label)), .. columns.Select(column => new Text(column.Cells[row]))]);
        return grid;
    }

    /// <summary>The columns in display order; the column with the highest <see cref="Column.Rank"/> is left out first.</summary>
    private static IEnumerable<Column> Columns(IReadOnlyList<SimulationVariant> variants, string metric)
    {
        var epochs = variants.SelectMany(variant => variant.Sweeps).Max(sweep => sweep.Epochs);
        yield return new Column("runs", 3, [.. variants.Select(variant => Count(variant.Runs))]);
        yield return new Column("epochs", 2, [.. variants.Select(variant => Count(variant.Epochs))]);
        yield return new Column("time", 4, [.. variants.Select(variant => Count(variant.Time))]);
        yield return new Column(Format.Fit(metric, 16), 0, [.. variants.Select(variant => Value(variant.Best))]);
        if (variants.All(variant => variant.Sweeps.All(sweep => sweep.Best is null or { Regret: null })))
            yield break;
        yield return new Column($"regret at {epochs / 4:N0}", 5, [.. variants.Select(variant => Value(variant.RegretAfter(epochs / 4)))]);
        yield return new Column("regret", 1, [.. variants.Select(variant => Value(variant.RegretAfter(epochs)))]);
    }

    private static List<Column> Fitting(IEnumerable<Column> columns, int width)
    {
        var kept = columns.ToList();
        while (kept.Count > 1 && 2 + MinLabelWidth + kept.Sum(column => column.Width + 2) > width)
            kept.Remove(kept.MaxBy(column => column.Rank)!);
        return kept;
    }

    private static string Count(MeanAndError value) => value.Mean.ToString("N0", CultureInfo.InvariantCulture);

    private static string Value(MeanAndError value) => double.IsNaN(value.Mean) ? "–"
        : value.Count == 1 ? Format.Metric(value.Mean)
        : $"{Format.Metric(value.Mean)} ±{Format.Metric(value.Error)}";

    private static string Ends(SimulationVariant variant) => string.Join(" · ", variant.Ends.Select(end =>
        $"{end.Runs.ToString("#,0.#", CultureInfo.InvariantCulture)} {Format.End(end.End)}"));

    private sealed record Column(string Head, int Rank, IReadOnlyList<string> Cells)
    {
        public int Width => Cells.Append(Head).Max(cell => cell.Length);
    }
}
