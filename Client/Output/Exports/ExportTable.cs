using Client.Views;
using Sweeps.Core;

namespace Client.Output.Exports;

/// <summary>A column of an exported table.</summary>
/// <param name="Name">The name; unique in its table, ignoring case.</param>
/// <param name="Type"><see cref="long"/>, <see cref="double"/>, <see cref="DateTime"/> (UTC) or <see cref="string"/>.</param>
/// <param name="Cells">The cells, one per row: values of the type, or null.</param>
public sealed record ExportColumn(string Name, Type Type, IReadOnlyList<object?> Cells);

/// <summary>An exported table.</summary>
/// <param name="Name"><c>runs</c> or <c>epochs</c>.</param>
/// <param name="Rows">The number of rows.</param>
/// <param name="Columns">The columns, each with <paramref name="Rows"/> cells.</param>
public sealed record ExportTable(string Name, int Rows, IReadOnlyList<ExportColumn> Columns)
{
    /// <summary>One row per run: its properties, its parameters, and the metrics of its best epoch as <c>metrics.NAME</c>.</summary>
    public static ExportTable Runs(SweepHistory history)
    {
        var runs = history.State.Runs;
        var metrics = runs.Select(run => SweepHistory.MetricsOf(run).ToDictionary()).ToList();
        var columns = new List<ExportColumn>
        {
            Of("run", runs, run => (long)run.Number),
            Of("name", runs, history.NameOf),
            Of("state", runs, run => Format.State(history.StateOf(run))),
            Of("epoch", runs, run => (long)run.Epoch),
            Of("best", runs, history.BestOf),
            Of("best_epoch", runs, run => run.BestEpoch > 0 ? run.BestEpoch : (long?)null),
            Of("seconds", runs, run => run.Seconds),
        };
        foreach (var parameter in runs.SelectMany(run => run.Configuration.Select(pair => pair.Key)).Distinct().Order(StringComparer.Ordinal))
            columns.Add(Parameter(parameter, [.. runs.Select(run => run.Configuration[parameter])]));
        foreach (var metric in metrics.SelectMany(of => of.Keys).Distinct().Order(StringComparer.Ordinal))
            columns.Add(new ExportColumn($"metrics.{metric}", typeof(double), [.. metrics.Select(of => of.TryGetValue(metric, out var value) ? (object?)value : null)]));
        if (runs.Any(run => history.TagsOf(run.Number).Count > 0))
            columns.Add(Of("tags", runs, run => history.TagsOf(run.Number) is { Count: > 0 } tags ? string.Join(' ', tags) : null));
        return new ExportTable("runs", runs.Count, Unique(columns));
    }

    /// <summary>One row per recorded epoch of every run, with all its metrics.</summary>
    public static ExportTable Epochs(SweepHistory history, RecordedEpochs epochs)
    {
        var rows = history.State.Runs.SelectMany(run => epochs.Of(run.Number).Select(epoch => (Run: run.Number, Epoch: epoch))).ToList();
        var columns = new List<ExportColumn>
        {
            Of("run", rows, row => (long)row.Run),
            Of("epoch", rows, row => (long)row.Epoch.Epoch),
            Of("at", rows, row => row.Epoch.At.UtcDateTime),
            Of("seconds", rows, row => row.Epoch.Seconds),
        };
        foreach (var metric in epochs.Metrics)
            columns.Add(Of(metric, rows, row => row.Epoch.Metrics.TryGetValue(metric, out var value) ? value : (double?)null));
        return new ExportTable("epochs", rows.Count, Unique(columns));
    }

    private static ExportColumn Of<TRow, TCell>(string name, IReadOnlyList<TRow> rows, Func<TRow, TCell> cell) =>
        new(name, Nullable.GetUnderlyingType(typeof(TCell)) ?? typeof(TCell), [.. rows.Select(row => (object?)cell(row))]);

    /// <summary>The column of a parameter: integers or numbers if all its values are, otherwise texts as in a sweep file.</summary>
    private static ExportColumn Parameter(string name, IReadOnlyList<Value?> values)
    {
        if (values.All(value => value is null or Value.Integer))
            return new ExportColumn(name, typeof(long), [.. values.Select(value => (object?)((value as Value.Integer)?.Content))]);
        return values.All(value => value?.AsDouble() is not null || value is null)
            ? new ExportColumn(name, typeof(double), [.. values.Select(value => (object?)value?.AsDouble())])
            : new ExportColumn(name, typeof(string), [.. values.Select(value => value?.ToString())]);
    }

    /// <summary>Makes names unique with a number. Databases compare names ignoring case.</summary>
    private static List<ExportColumn> Unique(IEnumerable<ExportColumn> columns)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return [.. columns.Select(column =>
        {
            var name = column.Name;
            for (var number = 2; !taken.Add(name); number++)
                name = $"{column.Name}_{number}";
            return column with { Name = name };
        })];
    }
}
