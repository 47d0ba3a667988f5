using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sweeps.Programs;

/// <summary>One report of a program.</summary>
/// <param name="Epoch">The epoch as the program counts it; null if the report has none.</param>
/// <param name="Metrics">Metric name → value; NaN and infinity are allowed.</param>
/// <param name="Ask">Whether the program waits for a verdict.</param>
/// <param name="Checkpoint">Whether the folder of checkpoints has the state after this epoch.</param>
public sealed record ProgramReport(int? Epoch, IReadOnlyDictionary<string, double> Metrics, bool Ask = false, bool Checkpoint = false)
{
    private const string EpochKey = "epoch", AskKey = "ask", CheckpointKey = "checkpoint";

    /// <summary>
    /// Parses a report in JSON: <c>{"epoch": 3, "val_loss": 0.41}</c>. The names of members of inner objects are joined with a dot. Booleans count as 1
    /// and 0, Python's NaN and Infinity as numbers; nulls, lists and texts that are not numbers are left out. Returns null and the mistake if it is not
    /// a JSON object; a report without metrics and the mistake if its epoch is not a whole number from 0 on.
    /// </summary>
    public static ProgramReport? OfJson(string json, out string? mistake)
    {
        try
        {
            using var document = JsonDocument.Parse(NotJson.Replace(json, match => match.Groups[1].Success ? match.Value : $"\"{match.Value}\""));
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                mistake = "it is not a JSON object";
                return null;
            }
            var metrics = new Dictionary<string, double>(StringComparer.Ordinal);
            Collect(document.RootElement, "", metrics);
            var epoch = metrics.Remove(EpochKey, out var number) && number is >= 0 and <= int.MaxValue && number == Math.Floor(number) ? (int?)number : null;
            if (epoch is null && document.RootElement.TryGetProperty(EpochKey, out var given) && given.ValueKind != JsonValueKind.Null)
            {
                mistake = $"the epoch is {Files.PlainText.Fit(given.GetRawText(), 20)}; expected a whole number from 0 on";
                return new ProgramReport(null, new Dictionary<string, double>());
            }
            mistake = null;
            var ask = metrics.Remove(AskKey, out var asked) && asked != 0;
            var checkpoint = metrics.Remove(CheckpointKey, out var saved) && saved != 0;
            return new ProgramReport(epoch, metrics, ask, checkpoint);
        }
        catch (JsonException e)
        {
            mistake = $"it is not JSON: {e.Message.Split(" LineNumber", 2)[0].TrimEnd('.')}";
            return null;
        }
        catch (InvalidOperationException)
        {
            mistake = "a name in it has half of a surrogate pair, such as \\udcff, which is no character";
            return null;
        }
    }

    private static void Collect(JsonElement value, string prefix, Dictionary<string, double> metrics)
    {
        foreach (var member in value.EnumerateObject())
        {
            var name = prefix + member.Name;
            if (member.Value.ValueKind == JsonValueKind.Object)
                Collect(member.Value, name + ".", metrics);
            else if (NumberOf(member.Value) is { } number)
                metrics[name] = number;
        }
    }

    private static double? NumberOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        JsonValueKind.String => NumberInText(value),
        _ => null,
    };

    private static double? NumberInText(JsonElement text)
    {
        try
        {
            return Number(text.GetString()!);
        }
        catch (InvalidOperationException)
        {
            // The text has half of a surrogate pair: Python writes a file name that is not UTF-8 as "\udcff".
            return null;
        }
    }

    /// <summary>
    /// Parses a number as programs print it: <c>0.41</c>, <c>1e-3</c>, <c>nan</c>, <c>-Infinity</c>, also with <c>. , ; %</c> after it; else null.
    /// </summary>
    public static double? Number(string text) => text.Trim().TrimEnd('.', ',', ';', '%').ToUpperInvariant() switch
    {
        "NAN" or "+NAN" or "-NAN" => double.NaN,
        "INF" or "+INF" or "INFINITY" or "+INFINITY" => double.PositiveInfinity,
        "-INF" or "-INFINITY" => double.NegativeInfinity,
        var plain when double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    // The pattern matches strings first and keeps them, so that the words are replaced only outside of strings.
    private static readonly Regex NotJson = new("(\"(?:[^\"\\\\]|\\\\.)*\")|-?\\bInfinity\\b|\\bNaN\\b", RegexOptions.CultureInvariant | RegexOptions.Compiled);
}

/// <summary>
/// Finds the reports of a program: <c>@sweep {json}</c> at the end of lines and lines that match the patterns of the sweep file in its output, and lines of
/// JSON in the report file. Metrics that are reported without the objective are kept until a report has it.
/// </summary>
/// <param name="objective">The metric that completes the report of an epoch.</param>
/// <param name="patterns">The patterns of the sweep file.</param>
public sealed class ReportReader(string objective, IReadOnlyList<Regex> patterns)
{
    private const string Mark = "@sweep", EpochGroup = "epoch";

    private readonly Dictionary<string, double> open = new(StringComparer.Ordinal);
    private int? openEpoch;
    private bool openAsk, openCheckpoint;

    /// <summary>The first line that has the form of a report but cannot be read, with the reason; or null.</summary>
    public string? Mistake { get; private set; }

    /// <summary>The first report whose epoch is not a whole number, with that reason; or null. The run cannot go on after it, because its place is unknown.</summary>
    public string? Refused { get; private set; }

    /// <summary>The names of the metrics that were reported since the last complete report, sorted.</summary>
    public IReadOnlyList<string> Seen => [.. open.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Reads a line of standard output. Returns the report of an epoch if the line completes one.</summary>
    public ProgramReport? Output(string line)
    {
        // A progress bar may precede the report on the same line, with a carriage return at its end or without.
        var text = line.AsSpan(line.LastIndexOf('\r') + 1).Trim();
        if (text.IndexOf(Mark, StringComparison.Ordinal) is >= 0 and var at)
        {
            var after = text[(at + Mark.Length)..];
            var json = after.TrimStart();
            // At the beginning of a line the mark alone shows that a report is meant, also if no object follows.
            if (json.StartsWith('{') || (at == 0 && json.Length < after.Length))
                return Report(json.ToString());
        }
        return patterns.Count > 0 ? Match(text.ToString()) : null;
    }

    /// <summary>Reads a line of the report file. Returns the report of an epoch if the line completes one.</summary>
    public ProgramReport? Report(string json)
    {
        if (json.Length == 0)
            return null;
        var report = ProgramReport.OfJson(json, out var mistake);
        if (report is not null && mistake is null)
            return Add(report);
        var sentence = $"of its report '{Files.PlainText.Fit(json, 80)}', {mistake}";
        Mistake ??= sentence;
        if (report is not null)
            Refused ??= sentence;
        return null;
    }

    private ProgramReport? Match(string line)
    {
        ProgramReport? complete = null;
        foreach (var pattern in patterns)
        {
            Match match;
            try
            {
                match = pattern.Match(line);
            }
            catch (RegexMatchTimeoutException)
            {
                continue;
            }
            if (!match.Success)
                continue;
            var metrics = new Dictionary<string, double>(StringComparer.Ordinal);
            foreach (var group in match.Groups.Values.Where(group => group.Success && !char.IsAsciiDigit(group.Name[0])))
                if (ProgramReport.Number(group.Value) is { } number)
                    metrics[MetricNames.OfGroup(group.Name)] = number;
            var epoch = metrics.Remove(EpochGroup, out var count) && count == Math.Floor(count) && count is >= 0 and <= int.MaxValue ? (int?)count : null;
            complete = Add(new ProgramReport(epoch, metrics)) ?? complete;
        }
        return complete;
    }

    /// <summary>Adds a report to the kept ones. Returns them as one report if it has the objective, else null.</summary>
    private ProgramReport? Add(ProgramReport report)
    {
        foreach (var (name, value) in report.Metrics)
            open[name] = value;
        openEpoch = report.Epoch ?? openEpoch;
        openAsk |= report.Ask;
        openCheckpoint |= report.Checkpoint;
        // A program that asks waits for its answer, so its report completes an epoch even without the objective.
        if (!report.Metrics.ContainsKey(objective) && !report.Ask)
            return null;
        var complete = new ProgramReport(openEpoch, new Dictionary<string, double>(open, StringComparer.Ordinal), openAsk, openCheckpoint);
        open.Clear();
        (openEpoch, openAsk, openCheckpoint) = (null, false, false);
        return complete;
    }
}
