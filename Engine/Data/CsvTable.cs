using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Engine.Data;

/// <summary>
/// A table of numbers with one column of labels, read from a CSV file: a header of column names, then one example per line.
/// Plain or gzipped. Commas separate; double quotes may enclose a field, doubled inside it; empty lines at the end are ignored.
/// </summary>
internal sealed class CsvTable
{
    private CsvTable(string file, string[] columns, List<float> values, List<string> labels, List<int> lines)
    {
        File = file;
        Columns = columns;
        Values = [.. values];
        Labels = labels;
        Lines = lines;
    }

    public string File { get; }

    /// <summary>The names of the feature columns, in file order.</summary>
    public string[] Columns { get; }

    /// <summary>(examples × features), row-major.</summary>
    public float[] Values { get; }

    public IReadOnlyList<string> Labels { get; }

    /// <summary>The line of each example, from 1.</summary>
    public IReadOnlyList<int> Lines { get; }

    /// <summary>Reads a file, with labels unless <paramref name="labelColumn"/> is null, refusing it whole with line and column at the first thing wrong.</summary>
    public static CsvTable Read(string file, string? labelColumn)
    {
        try
        {
            using var stored = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
            var gzip = stored.ReadByte() == 0x1f & stored.ReadByte() == 0x8b;
            stored.Position = 0;
            using var reader = new StreamReader(
                gzip ? new GZipStream(stored, CompressionMode.Decompress) : stored, new UTF8Encoding(false, throwOnInvalidBytes: true));
            return Read(reader, file, labelColumn);
        }
        catch (DecoderFallbackException e)
        {
            throw new DataFileException(file, null, "this is not UTF-8 text", "a table saved as UTF-8 (from Latin-1: iconv -f latin1 -t utf8)", e);
        }
        catch (InvalidDataException e)
        {
            throw new DataFileException(file, null, $"not a sound gzip file ({e.Message.TrimEnd('.')})", "an undamaged file", e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            throw new DataFileException(file, null, "cannot be opened", "a readable file", e);
        }
    }

    private static CsvTable Read(StreamReader reader, string file, string? labelColumn)
    {
        var fields = new List<string>();
        if (reader.ReadLine() is not { } first)
            throw new DataFileException(file, "line 1", "the file is empty", "a header with the names of the columns");

        CsvLine.Split(first, fields, file, 1);
        string[] header = [.. fields.Select(f => f.Trim())];
        RefuseTwins(header, file);
        var label = labelColumn is null ? -1 : LabelColumn(header, file, labelColumn);

        var values = new List<float>();
        var labels = new List<string>();
        var lines = new List<int>();
        var emptyLine = 0;
        for (var line = 2; reader.ReadLine() is { } text; line++)
        {
            if (text.Length == 0)
            {
                emptyLine = line;
                continue;
            }

            if (emptyLine > 0)
                throw new DataFileException(file, $"line {emptyLine}", "an empty line", "an example, as more lines follow");

            CsvLine.Split(text, fields, file, line);
            if (fields.Count != header.Length)
                throw new DataFileException(file, $"line {line}", $"{fields.Count} fields", $"{header.Length}, as in the header");

            for (var c = 0; c < header.Length; c++)
            {
                if (c == label)
                    labels.Add(Label(fields[c], file, line, header[c]));
                else
                    values.Add(Number(fields[c], file, line, c, header[c]));
            }

            lines.Add(line);
        }

        return lines.Count > 0
            ? new CsvTable(file, [.. header.Where((_, c) => c != label)], values, labels, lines)
            : throw new DataFileException(file, "line 2", "there are no examples", "one line per example after the header");
    }

    private static void RefuseTwins(string[] header, string file)
    {
        var twice = header.GroupBy(h => h, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1)?.Key;
        if (twice is not null)
            throw new DataFileException(file, "line 1", $"two columns are called '{twice}'", "a different name for each column");
    }

    private static int LabelColumn(string[] header, string file, string labelColumn)
    {
        var label = Array.IndexOf(header, labelColumn);
        if (label < 0)
            throw new DataFileException(file, "line 1", $"there is no column '{labelColumn}'", $"the column of labels to be one of {Shown(header)}");

        return header.Length > 1 ? label : throw new DataFileException(file, "line 1", "the column of labels is the only one", "at least one column of numbers, separated by commas");
    }

    private static string Shown(string[] header) => header.Length <= 12 ? string.Join(", ", header)
        : $"{string.Join(", ", header[..6])}, … {string.Join(", ", header[^3..])}";

    private static string Label(string field, string file, int line, string column) =>
        field.Trim() is { Length: > 0 } label ? label
        : throw new DataFileException(file, $"line {line}, column '{column}'", "no label", "the name or number of a class");

    private static float Number(string field, string file, int line, int index, string column) =>
        float.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && float.IsFinite(value) ? value
        : throw new DataFileException(file, $"line {line}, column {index + 1} '{column}'", $"'{field.Trim()}'", "a finite number such as -1.5 or 2e3");
}
