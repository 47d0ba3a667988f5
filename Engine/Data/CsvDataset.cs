using System.Globalization;

namespace Engine.Data;

/// <summary>Makes a data set of CSV files: numbers, and one named column of labels.</summary>
public static class CsvDataset
{
    /// <summary>The largest number of classes: a label is a byte.</summary>
    public const int MostClasses = 256;

    /// <summary>
    /// Reads a training file and, if given, a test file with the same columns. The classes are the training file's labels, in
    /// numerical order when all are whole numbers, else in ordinal order.
    /// </summary>
    public static Dataset FromFiles(string name, string trainFile, string? testFile, string labelColumn)
    {
        var train = CsvTable.Read(trainFile, labelColumn);
        string[] classNames = [.. train.Labels.Distinct(StringComparer.Ordinal).Order(Comparer(train.Labels))];
        if (classNames.Length > MostClasses)
            throw new DataFileException(trainFile, null, $"column '{labelColumn}' has {classNames.Length} different labels", $"at most {MostClasses} classes");

        var features = train.Columns.Length;
        var classes = classNames.Select((c, i) => (c, i)).ToDictionary(p => p.c, p => (byte)p.i, StringComparer.Ordinal);
        var test = new Samples(Array.Empty<float>(), [], features);
        if (testFile is not null)
        {
            var table = CsvTable.Read(testFile, labelColumn);
            if (!table.Columns.SequenceEqual(train.Columns, StringComparer.Ordinal))
                throw new DataFileException(testFile, "line 1", $"columns {string.Join(", ", table.Columns)}", $"{string.Join(", ", train.Columns)}, as in {trainFile}");

            test = ToSamples(table, classes, labelColumn, trainFile);
        }

        return new Dataset(name, 1, features, 1, classNames, ToSamples(train, classes, labelColumn, trainFile), test)
        {
            Columns = train.Columns,
        };
    }

    private static Samples ToSamples(CsvTable table, Dictionary<string, byte> classes, string labelColumn, string trainFile)
    {
        var labels = new byte[table.Labels.Count];
        for (var i = 0; i < labels.Length; i++)
        {
            if (!classes.TryGetValue(table.Labels[i], out labels[i]))
                throw new DataFileException(table.File, $"line {table.Lines[i]}, column '{labelColumn}'", $"label '{table.Labels[i]}'", $"one of the labels of {trainFile}");
        }

        return new Samples(table.Values, labels, table.Columns.Length);
    }

    private static IComparer<string> Comparer(IReadOnlyList<string> labels) =>
        labels.All(l => long.TryParse(l, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            ? Comparer<string>.Create((a, b) => long.Parse(a, CultureInfo.InvariantCulture).CompareTo(long.Parse(b, CultureInfo.InvariantCulture)))
            : StringComparer.Ordinal;
}
