using System.Globalization;
using System.Text.RegularExpressions;
using Sweeps.Files;
using Sweeps.Programs;

namespace Client.Output;

/// <summary>Shows the reports that a sweep file finds in recorded output of its program, for <c>sweep check --try-log</c>.</summary>
public static partial class TriedLog
{
    private const int Shown = 3;

    /// <summary>
    /// Shows the reports or, when there are none, suggests a pattern that would find some. Throws <see cref="UsageException"/>.
    /// </summary>
    public static void Show(Terminal terminal, SweepFile file, FileInfo log)
    {
        if (file.Spec.Trainable is not ProgramSpec program)
            throw new UsageException($"{file.FileName} runs no program, so that there is no output to look at: --try-log goes with 'program' or 'command'.");
        var reader = new ReportReader(file.Spec.Objective.Name, program.Patterns);
        var (lines, found) = (new List<string>(), new List<(int Line, ProgramReport Report)>());
        int count;
        try
        {
            count = Read(log, (number, line) =>
            {
                lines.Add(line);
                if (reader.Output(line) is { } report)
                    found.Add((number, report));
            });
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{log}: {problem.Message}", problem);
        }
        var reports = found.ToArray();
        var suggestion = reports.Length == 0 ? Suggest(lines, file.Spec.Objective.Name) : null;
        if (terminal.Json)
            terminal.WriteData(Json(reports, reader, suggestion));
        else
            terminal.Say(Text(file, log, count, reports, reader, suggestion));
    }

    /// <summary>Splits the log as the output of a run is split, so that it has the same lines. Returns their number, with blank lines.</summary>
    private static int Read(FileInfo log, Action<int, string> take)
    {
        var count = 0;
        LineSplitter splitter = null!;
        splitter = new LineSplitter(line => take(count = splitter.Number, line));
        using var content = log.OpenRead();
        var buffer = new byte[1 << 16];
        while (content.Read(buffer) is > 0 and var length)
            splitter.Add(buffer.AsSpan(0, length));
        splitter.End();
        return Math.Max(count, splitter.Number - 1);
    }

    private static string Text(SweepFile file, FileInfo log, int lines, (int Line, ProgramReport Report)[] reports, ReportReader reader, string? suggestion)
    {
        var name = file.Spec.Objective.Name;
        var rows = new List<string> { string.Create(CultureInfo.InvariantCulture, $"{log}: {lines:N0} lines, {reports.Length:N0} {(reports.Length == 1 ? "report" : "reports")} of {name}") };
        foreach (var (line, report) in reports.Length <= 2 * Shown ? reports : reports[..Shown])
            rows.Add(Row(line, report));
        if (reports.Length > 2 * Shown)
        {
            rows.Add("  …");
            rows.AddRange(reports[^Shown..].Select(found => Row(found.Line, found.Report)));
        }
        if (reader.Seen.Count > 0)
            rows.Add($"Found too, but without '{name}' after it: {string.Join(", ", reader.Seen)}.");
        if (reader.Mistake is { } mistake)
            rows.Add($"One line was not read: {mistake}.");
        if (reports.Length == 0)
            rows.Add(suggestion is not null
                ? $"Lines of the log would fit this pattern:\n  reports: pattern\n  pattern: '{suggestion.Replace("'", "''", StringComparison.Ordinal)}'"
                : $"No line has the form 'name: number' with {name}. Let the program write lines such as @sweep {{\"epoch\": 1, \"{name}\": 0.5}}");
        return string.Join('\n', rows);
    }

    private static string Row(int line, ProgramReport report) => string.Create(CultureInfo.InvariantCulture, $"  line {line,-6} epoch {report.Epoch?.ToString(CultureInfo.InvariantCulture) ?? "(counted)",-4} ")
        + string.Join("  ", report.Metrics.OrderBy(metric => metric.Key, StringComparer.Ordinal).Select(metric => $"{metric.Key} {Format.Metric(metric.Value)}"));

    private static string Json((int Line, ProgramReport Report)[] reports, ReportReader reader, string? suggestion) => SweepJson.Write(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("reports");
        foreach (var (line, report) in reports)
        {
            json.WriteStartObject();
            json.WriteNumber("line", line);
            SweepJson.WriteNumber(json, "epoch", report.Epoch);
            json.WriteStartObject("metrics");
            foreach (var (name, value) in report.Metrics)
                SweepJson.WriteNumber(json, name, double.IsFinite(value) ? value : null);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("mistake", reader.Mistake);
        json.WriteString("pattern", suggestion);
        json.WriteEndObject();
    });

    /// <summary>
    /// A pattern for the most frequent form of lines that contain the objective with a number; null when there is no such line.
    /// </summary>
    private static string? Suggest(IEnumerable<string> lines, string objective)
    {
        var forms = lines.Select(line => Pair().Matches(line[(line.LastIndexOf('\r') + 1)..]).Select(match => match.Groups["name"].Value).ToArray())
            .Where(names => names.Any(name => Metric(name) == Metric(objective)))
            .GroupBy(names => string.Join('\n', names)).MaxBy(group => group.Count());
        return forms is null ? null : string.Join(".*?", forms.First().DistinctBy(Metric).Select(name =>
            $@"{Regex.Escape(name).Replace(@"\ ", " ", StringComparison.Ordinal)}[\s:=]+(?<{MetricNames.ToGroup(Metric(name) == Metric(objective) ? objective : Metric(name))}>[-+\w.]+)"));
    }

    private static string Metric(string name) => name.Trim().Replace(' ', '_').ToLowerInvariant();

    [GeneratedRegex(@"(?<name>[A-Za-z_][\w./-]*(?: [A-Za-z_][\w./-]*)?)[\s:=]+[-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|nan|inf)", RegexOptions.CultureInvariant)]
    private static partial Regex Pair();
}
