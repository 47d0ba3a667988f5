using System.Globalization;
using Client.Views;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Client.Output;

/// <summary>A table of sweeps, newest first, with fewer columns in a narrow terminal.</summary>
public static class SweepList
{
    private const int MaxNameWidth = 24;

    /// <summary>The table for <paramref name="width"/> columns; times are in <paramref name="zone"/>.</summary>
    public static IRenderable Build(
        IReadOnlyList<SweepHistory> sweeps, IReadOnlyList<(string Sweep, string Reason)> damaged, TimeZoneInfo zone, int width)
    {
        var lines = damaged.Select(one => Lines.Of($"{one.Sweep} cannot be read: {one.Reason}", width, Palette.Trouble));
        return new Rows(sweeps.Count > 0 ? lines.Prepend(Table.Build(Columns(sweeps, zone), width, "a wider terminal shows more")) : lines);
    }

    private static List<TableColumn> Columns(IReadOnlyList<SweepHistory> sweeps, TimeZoneInfo zone)
    {
        var columns = new List<TableColumn>
        {
            Column("sweep", sweep => sweep.Sweep) with { MaxHeadWidth = 40 },
            Column("state", sweep => sweep.StatusName) with { Rank = 1 },
            Column("created", sweep => TimeZoneInfo.ConvertTime(sweep.State.CreatedAt, zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)) with { Rank = 4 },
            Column("data", sweep => Format.Fit(SpecText.Trained(sweep.Spec.Trainable), MaxNameWidth)) with { Rank = 5 },
            Column("method", sweep => sweep.Spec.Method.Name) with { Rank = 6 },
            Column("runs", sweep => sweep.State.Runs.Count.ToString("N0", CultureInfo.InvariantCulture)) with { Right = true, Rank = 3 },
            Column("epochs", sweep => sweep.State.EpochsRecorded.ToString("N0", CultureInfo.InvariantCulture)) with { Right = true, Rank = 7 },
            Column("best", sweep => Format.Metric(sweep.State.Best is { } best ? sweep.BestOf(best) : null)) with { Right = true },
            Column("metric", sweep => Format.Fit(sweep.Spec.Objective.Name, MaxNameWidth)) with { Rank = 2 },
        };
        if (sweeps.Any(sweep => sweep.Name != sweep.Spec.Name))
            columns.Insert(1, Column("name", sweep => sweep.Name == sweep.Spec.Name ? "" : Format.Fit(sweep.Name, MaxNameWidth)) with { Rank = 8 });
        if (sweeps.Any(sweep => sweep.TagsOf(null).Count > 0))
            columns.Add(Column("tags", sweep => string.Join(' ', sweep.TagsOf(null))) with { Rank = 9 });
        return columns;

        TableColumn Column(string name, Func<SweepHistory, string> text) => new(name, [.. sweeps.Select(sweep => Cell.Of(text(sweep)))]);
    }
}
