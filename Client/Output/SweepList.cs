using Client.Views;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Client.Output;

/// <summary>Sweeps in rows: id, state, runs, epochs, best value, age. Narrow terminals get fewer columns.</summary>
public static class SweepList
{
    /// <summary>The table for <paramref name="width"/> columns.</summary>
    public static IRenderable Build(
        IReadOnlyList<SweepHistory> sweeps, IReadOnlyList<(string Sweep, string Reason)> damaged, DateTimeOffset now, int width)
    {
        var lines = damaged.Select(one => (IRenderable)new Padder(new Text($"{one.Sweep} is damaged: {one.Reason}", Palette.Trouble), new Padding(2, 0, 0, 0)));
        return new Rows(sweeps.Count > 0 ? lines.Prepend(Table(sweeps, now, width)) : lines);
    }

    private static Grid Table(IReadOnlyList<SweepHistory> sweeps, DateTimeOffset now, int width)
    {
        var wide = width >= 70;
        var idWidth = Math.Min(sweeps.Max(sweep => sweep.Sweep.Length), Math.Max(10, width - (wide ? 66 : 27)));
        var grid = new Grid { Expand = false }.AddColumn(Column(idWidth, left: 2)).AddColumn(Column(11));
        if (wide)
            grid.AddColumn(Column(6, Justify.Right)).AddColumn(Column(7, Justify.Right));
        grid.AddColumn(Column(8, Justify.Right));
        if (wide)
            grid.AddColumn(Column(12)).AddColumn(Column(8, Justify.Right, gap: 0));

        grid.AddRow([.. Row("sweep", "state", "runs", "epochs", "best", "metric", "age", Palette.Dim, wide, idWidth)]);
        foreach (var sweep in sweeps)
            grid.AddRow([.. Row(sweep.Sweep, sweep.StatusName, $"{sweep.State.Runs.Count:N0}", $"{sweep.State.EpochsRecorded:N0}", Best(sweep),
                sweep.Spec.Objective.Name, Format.Time(now - sweep.State.CreatedAt), Palette.Plain, wide, idWidth)]);
        return grid;
    }

    private static string Best(SweepHistory sweep) => Format.Metric(sweep.State.Best is { } best ? sweep.BestOf(best) : null);

    private static GridColumn Column(int width, Justify alignment = Justify.Left, int left = 0, int gap = 2) =>
        new() { Width = width, NoWrap = true, Alignment = alignment, Padding = new Padding(left, 0, gap, 0) };

    private static IEnumerable<IRenderable> Row(
        string id, string state, string runs, string epochs, string best, string metric, string age, Style style, bool wide, int idWidth)
    {
        string[] cells = wide
            ? [Format.Fit(id, idWidth), state, runs, epochs, best, Format.Fit(metric, 12), age]
            : [Format.Fit(id, idWidth), state, best];
        return cells.Select(cell => new Text(cell, style));
    }
}
