using System.Globalization;
using System.IO.Compression;
using System.Text;
using nietras.SeparatedValues;

namespace Engine.Data;

/// <summary>
/// Reads a CSV file of UTF-8 text, plain or gzipped: an optional header of column names, then one example per row. A field in double quotes
/// may contain line breaks; double quotes inside it are doubled. Empty lines are allowed only at the end. The first error refuses the whole
/// file and names its line and column.
/// </summary>
internal sealed class TableReader
{
    /// <summary>The largest number of categories in a column.</summary>
    private const int MaxCategories = 1000;

    private static readonly HashSet<string> MissingWords = new(StringComparer.OrdinalIgnoreCase) { "", "NA", "N/A", "NaN", "null", "None", "?" };
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> IsMissing = MissingWords.GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly string file;
    private readonly TableOptions options;
    private readonly bool isTraining;
    private readonly FeatureColumn[] features;
    private readonly int[] indices;
    private readonly OutputColumn[] outputs;
    private readonly ValueBuffer values;
    private readonly float[] row;
    private readonly List<int> lines = [];
    private readonly int width;

    private TableReader(string file, TableOptions options, TableEncoding? encoding, bool outputsRequired, string[] names)
    {
        this.file = file;
        this.options = options;
        isTraining = encoding is null;
        width = names.Length;
        outputs = outputsRequired ? [.. options.Outputs.Select(output => FindOutput(names, output))] : [];
        features = encoding is null ? FindFeatures(names) : Match(names, encoding);
        indices = Array.ConvertAll(features, column => column.Index);
        row = new float[features.Length];
        values = new ValueBuffer(row.Length, options.Shape is not null && options.Texts.Count == 0);
    }

    /// <summary>
    /// Reads a table. Without <paramref name="encoding"/> it is the training part, whose columns and texts define the encoding; with one,
    /// the columns are matched by name.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="options">The format of the file and the meaning of its columns.</param>
    /// <param name="encoding">The encoding of the training part; null for the training part itself.</param>
    /// <param name="outputsRequired">Whether the columns to predict are read. If false, the file may lack them.</param>
    /// <exception cref="DataFileException">The file cannot be used.</exception>
    public static Table Read(string file, TableOptions options, TableEncoding? encoding = null, bool outputsRequired = true)
    {
        try
        {
            using var stored = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
            var gzip = stored.ReadByte() == 0x1f & stored.ReadByte() == 0x8b;
            stored.Position = 0;
            using var text = new StreamReader(
                gzip ? new GZipStream(stored, CompressionMode.Decompress) : stored, new UTF8Encoding(false, throwOnInvalidBytes: true), true, 1 << 16);
            using var rows = Sep.Reader(o => o with
            {
                Sep = options.Delimiter is { } delimiter ? new Sep(delimiter) : null, HasHeader = false, DisableColCountCheck = true,
                CultureInfo = CultureInfo.InvariantCulture,
            }).From(text);
            return Read(rows, file, options, encoding, outputsRequired);
        }
        catch (DecoderFallbackException e)
        {
            throw new DataFileException(file, null, "this is not UTF-8 text", "a table saved as UTF-8 (from Latin-1: iconv -f latin1 -t utf8)", e);
        }
        catch (InvalidDataException e)
        {
            throw new DataFileException(file, null, $"not a valid gzip file ({e.Message.TrimEnd('.')})", "an undamaged file", e);
        }
        catch (NotSupportedException e)
        {
            // The reader limits the length of a row. A double quote that is not closed makes the rest of the file one row.
            throw new DataFileException(file, null, $"a row that is too long ({e.Message.TrimEnd('.')})", "shorter rows; is a double quote not closed?", e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            throw new DataFileException(file, null, "cannot be opened", "a readable file", e);
        }
    }

    private static Table Read(SepReader rows, string file, TableOptions options, TableEncoding? encoding, bool outputsRequired)
    {
        TableReader? reader = null;
        int line = 1, emptyLine = 0;
        foreach (var row in rows)
        {
            if (row is { ColCount: 1, Span.Length: 0 })
            {
                emptyLine = emptyLine == 0 ? line : emptyLine;
            }
            else if (emptyLine > 0)
            {
                throw new DataFileException(file, $"line {emptyLine}", "an empty line", "an example, as more lines follow");
            }
            else if (reader is null)
            {
                var names = options.Header ? Header(row, file) : [.. Enumerable.Range(1, row.ColCount).Select(n => n.ToString(CultureInfo.InvariantCulture))];
                reader = new TableReader(file, options, encoding, outputsRequired, names);
                if (!options.Header)
                    reader.AddRow(row, line);
            }
            else
            {
                reader.AddRow(row, line);
            }
            line = row.LineNumberToExcl;
        }
        if (reader is null)
            throw new DataFileException(file, "line 1", "the file is empty", options.Header ? "a header with the names of the columns" : "one line per example");
        return reader.lines.Count > 0
            ? reader.ToTable(encoding)
            : throw new DataFileException(file, $"line {(options.Header ? 2 : 1)}", "there are no examples", "one line per example");
    }

    private static string[] Header(SepReader.Row row, string file)
    {
        var names = new string[row.ColCount];
        for (var i = 0; i < names.Length; i++)
            names[i] = Unquote(row[i].Span, file, 1, $"{i + 1}").Trim().ToString();
        return names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { Key: var twice }
            ? throw new DataFileException(file, "line 1", $"two columns are called '{twice}'", "a different name for each column, or header: false")
            : names;
    }

    private OutputColumn FindOutput(string[] names, string output) => Array.IndexOf(names, output) is >= 0 and var index
        ? new OutputColumn(output, index)
        : throw new DataFileException(file, "line 1", $"there is no column '{output}'", $"the column of labels to be one of {ColumnsAndHint(output, names)}");

    /// <summary>The columns of the file, with a suggestion for a misspelt name.</summary>
    private static string ColumnsAndHint(string name, string[] names) => DidYouMean.To(name, names) is { } near ? $"{ShortList(names)}. Did you mean '{near}'?" : ShortList(names);

    private FeatureColumn[] FindFeatures(string[] names)
    {
        foreach (var name in options.Ignored.Concat(options.Texts).Where(name => !names.Contains(name)))
            throw new DataFileException(file, "line 1", $"there is no column '{name}'", $"one of {ColumnsAndHint(name, names)}");
        FeatureColumn[] found =
        [
            .. names.Index().Where(column => !options.Outputs.Contains(column.Item) && !options.Ignored.Contains(column.Item))
                .Select(column => new FeatureColumn(column.Item, column.Index) { Categories = options.Texts.Contains(column.Item) ? [] : null }),
        ];
        if (found.Length == 0)
            throw new DataFileException(file, "line 1", "the column of labels is the only one", "at least one column of features; is the delimiter right?");
        return options.Shape is { } shape && shape.Size != found.Length
            ? throw new DataFileException(file, "line 1", $"{found.Length} columns of pixels", $"{shape.Height} × {shape.Width} × {shape.Channels} = {shape.Size}")
            : found;
    }

    private FeatureColumn[] Match(string[] names, TableEncoding encoding)
    {
        // A file without a header may lack the columns to predict, which shifts the numbers of the others; the columns are then matched by
        // position.
        var byPosition = !encoding.Header && names.Length == encoding.Columns.Count;
        if (!byPosition && encoding.Columns.FirstOrDefault(column => !names.Contains(column.Name)) is { } missing)
            throw new DataFileException(file, "line 1", $"columns {ShortList(names)}", $"a column '{missing.Name}', as the network was trained with");
        return [.. encoding.Columns.Index().Select(column => new FeatureColumn(column.Item.Name, byPosition ? column.Index : Array.IndexOf(names, column.Item.Name))
        {
            Categories = column.Item.Categories?.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal),
            Decided = true,
            MayMiss = column.Item.Mean is not null || column.Item.Categories is not null,
        })];
    }

    private void AddRow(SepReader.Row fields, int line)
    {
        if (fields.ColCount != width)
            throw new DataFileException(file, $"line {line}", $"{fields.ColCount} fields", $"{width}, as in the {(options.Header ? "header" : "first line")}");
        if (options.Missing == MissingValues.Drop && HasMissing(fields, line))
            return;
        for (var i = 0; i < row.Length; i++)
        {
            var span = fields[indices[i]].Span;
            var column = features[i];
            if (column.Categories is null && Digits(span) is >= 0 and var digits)
            {
                row[i] = digits;
                column.Decided = true;
                continue;
            }
            row[i] = Value(column, span, line);
            if (float.IsNaN(row[i]) && options.Missing == MissingValues.Refuse && !(column.MayMiss && !isTraining))
                throw new DataFileException(
                    file, Position(line, column.Index, column.Name), $"'{span.Trim()}', no value", isTraining ? "a value, or 'missing: mean' or 'missing: drop' in the data set" : "a value");
        }
        foreach (var output in outputs)
        {
            var text = Unquote(fields[output.Index].Span, file, line, output.Name).Trim();
            if (IsMissing.Contains(text))
                throw new DataFileException(file, $"line {line}, column '{output.Name}'", "no label", "a value to learn, or 'missing: drop' in the data set");
            output.Next = options.Task == LearningTask.Classification ? output.Code(text) : Number(text, line, output);
        }
        values.Add(row);
        lines.Add(line);
        foreach (var output in outputs)
            output.Values.Add(output.Next);
    }

    private bool HasMissing(SepReader.Row fields, int line)
    {
        foreach (var column in features)
            if (IsMissing.Contains(Unquote(fields[column.Index].Span, file, line, column.Name).Trim()))
                return true;
        foreach (var output in outputs)
            if (IsMissing.Contains(Unquote(fields[output.Index].Span, file, line, output.Name).Trim()))
                return true;
        return false;
    }

    /// <summary>The value of a field: a number, the index of a category (−1 for an unknown one), or NaN if missing.</summary>
    private float Value(FeatureColumn column, ReadOnlySpan<char> field, int line)
    {
        var text = Unquote(field, file, line, column.Name).Trim();
        if (IsMissing.Contains(text))
            return float.NaN;
        var isNumber = float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && float.IsFinite(number);
        if (!column.Decided && !isNumber && options.Shape is null)
            column.Categories ??= [];
        column.Decided = true;
        if (column.Categories is null)
            return isNumber ? number : throw new DataFileException(
                file, Position(line, column.Index, column.Name), $"'{text}'", options.Shape is null
                    ? "a finite number such as -1.5 or 2e3, as above; a column of texts is named in 'text'"
                    : "a finite number, as 'shape' says that the columns are pixels");
        if (column.Categories.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out var known))
            return known;
        if (!isTraining)
            return -1;
        if (column.Categories.Count == MaxCategories)
            throw new DataFileException(file, $"column '{column.Name}'", $"more than {MaxCategories} different texts", "a column of few categories; leave others out: 'ignore' in the data set");
        column.Categories.Add(text.ToString(), column.Categories.Count);
        return column.Categories.Count - 1;
    }

    private float Number(ReadOnlySpan<char> text, int line, OutputColumn output)
    {
        if (options.Task == LearningTask.MultiLabel)
            return text switch
            {
                "1" or "true" or "True" or "TRUE" => 1,
                "0" or "false" or "False" or "FALSE" => 0,
                _ => throw new DataFileException(file, $"line {line}, column '{output.Name}'", $"'{text}'", "1 or 0, whether the label is there"),
            };
        return float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && float.IsFinite(number)
            ? number
            : throw new DataFileException(file, $"line {line}, column '{output.Name}'", $"'{text}'", "a finite number, as this column is a target");
    }

    private Table ToTable(TableEncoding? encoding)
    {
        var content = values.ToArray();
        if (encoding is null)
            encoding = new TableEncoding([.. features.Select((column, i) => Encoding(column, i, content))], options.Outputs, options.Header);
        return new Table(file, encoding, content is float[] numbers ? encoding.Encode(numbers) : content, outputs, lines);
    }

    /// <summary>
    /// The encoding of a column of the training part. Sorts its categories and renumbers them in <paramref name="content"/>.
    /// </summary>
    private ColumnEncoding Encoding(FeatureColumn column, int index, Array content)
    {
        if (column.Categories is { } categories)
        {
            var numbers = (float[])content;
            string[] sorted = [.. categories.Keys.Order(StringComparer.Ordinal)];
            var indices = new int[sorted.Length];
            foreach (var (position, text) in sorted.Index())
                indices[categories[text]] = position;
            for (long i = index; i < numbers.LongLength; i += row.Length)
                numbers[i] = numbers[i] >= 0 ? indices[(int)numbers[i]] : -1;
            return new ColumnEncoding(column.Name, sorted);
        }
        if (options.Missing != MissingValues.Mean)
            return new ColumnEncoding(column.Name);
        double sum = 0;
        var count = 0;
        for (long i = index; i < content.LongLength; i += row.Length)
            if ((content is float[] numbers ? numbers[i] : ((byte[])content)[i]) is var number && !float.IsNaN(number))
                (sum, count) = (sum + number, count + 1);
        return count > 0
            ? new ColumnEncoding(column.Name, Mean: sum / count)
            : throw new DataFileException(file, $"column '{column.Name}'", "no value at all", "a column with values; leave it out: 'ignore' in the data set");
    }

    /// <summary>Fast path: the value of a field of one to six digits, the most frequent form; −1 for any other field.</summary>
    private static int Digits(ReadOnlySpan<char> field)
    {
        if (field.Length is 0 or > 6)
            return -1;
        var number = 0;
        foreach (var c in field)
        {
            var digit = c - '0';
            if ((uint)digit > 9)
                return -1;
            number = 10 * number + digit;
        }
        return number;
    }

    private static ReadOnlySpan<char> Unquote(ReadOnlySpan<char> field, string file, int line, string column)
    {
        if (!field.Contains('"'))
            return field;
        var inner = field is ['"', .., '"'] ? field[1..^1] : field;
        var text = inner.ToString().Replace("\"\"", "", StringComparison.Ordinal);
        return inner.Length < field.Length && !text.Contains('"')
            ? inner.ToString().Replace("\"\"", "\"", StringComparison.Ordinal)
            : throw new DataFileException(file, $"line {line}, column '{column}'", "a double quote inside a field, or one that is not closed", "a field in double quotes, with those inside it doubled");
    }

    private static string Position(int line, int index, string column) => $"line {line}, column {index + 1} '{column}'";

    private static string ShortList(string[] names) => names.Length <= 12 ? string.Join(", ", names) : $"{string.Join(", ", names[..6])}, … {string.Join(", ", names[^3..])}";

    private sealed class FeatureColumn(string name, int index)
    {
        public string Name => name;

        public int Index => index;

        /// <summary>The index of each category; null for a column of numbers, and until <see cref="Decided"/>.</summary>
        public Dictionary<string, int>? Categories { get; set; }

        /// <summary>Whether a value has determined that the column holds numbers or texts.</summary>
        public bool Decided { get; set; }

        public bool MayMiss { get; init; }
    }
}

/// <summary>A column to predict, while the table is read.</summary>
internal sealed class OutputColumn(string name, int index)
{
    private readonly Dictionary<string, int> codes = new(StringComparer.Ordinal);

    public string Name => name;

    public int Index => index;

    /// <summary>The value in the current row.</summary>
    public float Next { get; set; }

    /// <summary>The numbers, or the indices of classes in <see cref="Texts"/>.</summary>
    public List<float> Values { get; } = [];

    /// <summary>The distinct classes, in the order of their first rows.</summary>
    public List<string> Texts { get; } = [];

    public int Code(ReadOnlySpan<char> text)
    {
        var lookup = codes.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!lookup.TryGetValue(text, out var code))
        {
            code = Texts.Count;
            Texts.Add(text.ToString());
            codes.Add(Texts[code], code);
        }
        return code;
    }
}

/// <summary>The content of a table.</summary>
/// <param name="File">The file.</param>
/// <param name="Encoding">The encoding of its columns as features.</param>
/// <param name="Features">(rows × features), <c>byte[]</c> or <c>float[]</c>.</param>
/// <param name="Outputs">The columns to predict that the file has.</param>
/// <param name="Lines">The line number of each row, from 1.</param>
internal sealed record Table(string File, TableEncoding Encoding, Array Features, IReadOnlyList<OutputColumn> Outputs, IReadOnlyList<int> Lines);
