using System.Globalization;
using Client.Views;
using Sweeps.Core;

namespace Client.Output;

/// <summary>The runs of a sweep as a table for spreadsheets and data frames: RFC 4180, invariant numbers, an empty cell for a missing value.</summary>
public static class RunsCsv
{
    private static readonly string[] Fixed = ["run", "name", "state", "epoch", "best", "best_epoch", "seconds"];

    /// <summary>Writes a line of headings, then a line per run: fixed columns, parameters, <c>metrics.</c> at the best epoch.</summary>
    public static void Write(TextWriter writer, SweepHistory history)
    {
        var runs = history.State.Runs;
        var parameters = runs.SelectMany(run => run.Configuration.Select(pair => pair.Key)).Distinct().Order(StringComparer.Ordinal).ToList();
        var metrics = runs.SelectMany(run => SweepHistory.MetricsOf(run).Select(pair => pair.Key)).Distinct().Order(StringComparer.Ordinal).ToList();

        Line(writer, Fixed.Concat(parameters).Concat(metrics.Select(metric => "metrics." + metric)));
        foreach (var run in runs)
        {
            var reached = SweepHistory.MetricsOf(run).ToDictionary();
            Line(writer, Columns(history, run)
                .Concat(parameters.Select(name => run.Configuration[name]?.ToString() ?? ""))
                .Concat(metrics.Select(name => reached.TryGetValue(name, out var value) ? Number(value) : "")));
        }
    }

    private static string[] Columns(SweepHistory history, SweepRun run) =>
    [
        run.Number.ToString(CultureInfo.InvariantCulture), history.NameOf(run), Format.State(run.State),
        run.Epoch.ToString(CultureInfo.InvariantCulture), history.BestOf(run) is { } best ? Number(best) : "",
        run.BestEpoch > 0 ? run.BestEpoch.ToString(CultureInfo.InvariantCulture) : "", Number(run.Seconds),
    ];

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static void Line(TextWriter writer, IEnumerable<string> cells)
    {
        writer.Write(string.Join(',', cells.Select(Quote)));
        writer.Write('\n');
    }

    private static string Quote(string cell) => cell.AsSpan().IndexOfAny(",\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
