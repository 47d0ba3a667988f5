using System.Globalization;
using System.IO.Compression;
using System.Text.Json;

namespace Sweeps.Training;

/// <summary>
/// Recorded learning curves: one or more metrics by row (configuration) and epoch. A missing or null value is read as +∞, because the training diverged.
/// </summary>
public sealed class LearningCurves
{
    private readonly SortedDictionary<string, double[][]> curves;

    /// <summary>
    /// Takes the values of epochs 1 … E by metric and row. Every metric must have the same number of rows, at least one; else it throws
    /// <see cref="InvalidDataException"/>.
    /// </summary>
    public LearningCurves(IEnumerable<KeyValuePair<string, double[][]>> curves)
    {
        this.curves = new SortedDictionary<string, double[][]>(new Dictionary<string, double[][]>(curves), StringComparer.Ordinal);
        if (this.curves.Count == 0 || this.curves.Values.Any(rows => rows.Length == 0 || rows.Length != Rows))
            throw new InvalidDataException("A table of learning curves needs at least one metric, at least one row, and as many rows for each metric.");
    }

    /// <summary>The number of rows.</summary>
    public int Rows => curves.Values.First().Length;

    /// <summary>The names of the metrics in ordinal order.</summary>
    public IReadOnlyCollection<string> Metrics => curves.Keys;

    /// <summary>The curves of a metric, or null.</summary>
    public double[][]? this[string metric] => curves.GetValueOrDefault(metric);

    /// <summary>The number of epochs of a row: the maximum over the metrics.</summary>
    public int Epochs(int row) => curves.Values.Max(rows => rows[row].Length);

    /// <summary>All metrics of a row at an epoch, from 1; +∞ for a metric with fewer epochs.</summary>
    public Dictionary<string, double> At(int row, int epoch)
    {
        var metrics = new Dictionary<string, double>(curves.Count, StringComparer.Ordinal);
        foreach (var (name, rows) in curves)
            metrics.Add(name, epoch <= rows[row].Length ? rows[row][epoch - 1] : double.PositiveInfinity);
        return metrics;
    }

    /// <summary>
    /// Reads <c>.json</c> or <c>.csv</c>, optionally compressed (<c>.gz</c>). A JSON file is one object whose members are metrics: arrays with an array of
    /// numbers or nulls per row. <c>configs</c> and members of another form are ignored, so that files of TaskSet can be read. A CSV file has a header
    /// <c>row,epoch,metric,…</c>, then one line per row and epoch; the epochs of a row ascend from 1. Throws <see cref="InvalidDataException"/> with the file
    /// and, for CSV, the line.
    /// </summary>
    public static LearningCurves Load(string path)
    {
        using var file = File.OpenRead(path);
        var packed = file.ReadByte() == 0x1f & file.ReadByte() == 0x8b;
        file.Position = 0;
        using var content = packed ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        try
        {
            return name.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? ReadJson(content)
                : name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? ReadCsv(new StreamReader(content))
                : throw new InvalidDataException("a table of learning curves ends in .json or .csv, with or without .gz");
        }
        catch (Exception problem) when (problem is JsonException or InvalidDataException or FormatException)
        {
            throw new InvalidDataException($"{path}: {problem.Message}", problem);
        }
    }

    private static LearningCurves ReadJson(Stream content)
    {
        using var document = JsonDocument.Parse(content);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException($"the file holds {Kind(document.RootElement)}, expected one object whose members are metrics");
        var metrics = new Dictionary<string, double[][]>();
        foreach (var member in document.RootElement.EnumerateObject())
            if (member.Name != "configs" && member.Value is { ValueKind: JsonValueKind.Array } rows
                && rows.EnumerateArray().All(row => row.ValueKind == JsonValueKind.Array))
                metrics[member.Name] = [.. rows.EnumerateArray().Select((row, number) => row.EnumerateArray().Select(value => Value(value, member.Name, number)).ToArray())];
        return new LearningCurves(metrics);
    }

    private static double Value(JsonElement value, string metric, int row) => value.ValueKind switch
    {
        JsonValueKind.Null => double.PositiveInfinity,
        JsonValueKind.Number => value.GetDouble(),
        _ => throw new InvalidDataException($"row {row} of '{metric}' has {Kind(value)}, expected numbers and nulls"),
    };

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "a boolean",
    };

    private static LearningCurves ReadCsv(StreamReader reader)
    {
        var header = (reader.ReadLine() ?? "").Split(',');
        if (header is not ["row", "epoch", _, ..])
            throw new InvalidDataException($"line 1 is '{string.Join(',', header)}', expected 'row,epoch,' and the metrics' names");
        if (header.Distinct().Count() < header.Length)
            throw new InvalidDataException($"line 1 is '{string.Join(',', header)}', expected every name once");
        var metrics = header[2..].ToDictionary(name => name, _ => new List<List<double>>());
        for (var line = 2; reader.ReadLine() is { } text; line++)
        {
            var fields = text.Split(',');
            if (fields.Length != header.Length || !int.TryParse(fields[0], CultureInfo.InvariantCulture, out var row) || row < 0)
                throw new InvalidDataException($"line {line} is '{text}', expected {header.Length} fields, the first a row from 0");
            for (var i = 2; i < header.Length; i++)
            {
                var rows = metrics[header[i]];
                while (rows.Count <= row)
                    rows.Add([]);
                rows[row].Add(fields[i].Length == 0 ? double.PositiveInfinity : double.Parse(fields[i], CultureInfo.InvariantCulture));
                if (fields[1] != rows[row].Count.ToString(CultureInfo.InvariantCulture))
                    throw new InvalidDataException($"line {line} is epoch {fields[1]} of row {row}, expected epoch {rows[row].Count}: epochs ascend from 1");
            }
        }
        return new LearningCurves(metrics.ToDictionary(item => item.Key, item => item.Value.Select(row => row.ToArray()).ToArray()));
    }
}
