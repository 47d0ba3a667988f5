using System.Globalization;

namespace Engine.Data;

/// <summary>Reads a data set from CSV files.</summary>
public static class TableDataset
{
    /// <summary>The largest number of classes; a label is stored in a byte.</summary>
    public const int MaxClasses = 256;

    /// <summary>
    /// Reads a training file and, if given, a test file with the same columns in any order. The classes are the training file's labels, in
    /// numerical order when all are whole numbers, else in ordinal order. Throws <see cref="DataFileException"/>.
    /// </summary>
    public static Dataset FromFiles(string name, string trainFile, string? testFile, TableOptions options)
    {
        var train = TableReader.Read(trainFile, options);
        var output = new OutputSpec(options.Task, options.Task == LearningTask.Classification ? ClassNames(train) : options.Outputs);
        var features = train.Encoding.Features;
        var test = testFile is null
            ? options.Task == LearningTask.Classification ? new Samples(Array.Empty<float>(), [], features) : new Samples(Array.Empty<float>(), features, [])
            : ToSamples(TableReader.Read(testFile, options, train.Encoding), output, trainFile);
        var shape = options.Shape ?? new ImageShape(1, features, 1);
        return shape.Size == features
            ? new Dataset(name, shape.Height, shape.Width, shape.Channels, output, ToSamples(train, output, trainFile), test) { Encoding = train.Encoding }
            : throw new DataFileException(trainFile, null, "columns of texts", "numbers only, as 'shape' says that the columns are pixels");
    }

    /// <summary>
    /// The examples of a table with their classes or targets. Throws <see cref="DataFileException"/> for a label that is not a class of the
    /// training file.
    /// </summary>
    internal static Samples ToSamples(Table table, OutputSpec output, string trainFile)
    {
        var features = table.Encoding.Features;
        if (output.Task != LearningTask.Classification)
        {
            var targets = new float[table.Lines.Count * output.Count];
            for (var row = 0; row < table.Lines.Count; row++)
                for (var i = 0; i < output.Count; i++)
                    targets[row * output.Count + i] = table.Outputs[i].Values[row];
            return new Samples(table.Features, features, targets);
        }
        var column = table.Outputs[0];
        string[] names = [.. output.Names];
        int[] codes = [.. column.Texts.Select(text => Array.IndexOf(names, text))];
        var labels = new byte[table.Lines.Count];
        for (var row = 0; row < labels.Length; row++)
        {
            var code = (int)column.Values[row];
            if (codes[code] < 0)
                throw new DataFileException(table.File, $"line {table.Lines[row]}, column '{column.Name}'", $"label '{column.Texts[code]}'", $"one of the labels of {trainFile}");
            labels[row] = (byte)codes[code];
        }
        return table.Features is byte[] bytes ? new Samples(bytes, labels, features) : new Samples((float[])table.Features, labels, features);
    }

    private static string[] ClassNames(Table table)
    {
        var column = table.Outputs[0];
        return column.Texts.Count <= MaxClasses
            ? [.. column.Texts.Order(Comparer(column.Texts))]
            : throw new DataFileException(
                table.File, null, $"column '{column.Name}' has {column.Texts.Count} different labels", $"at most {MaxClasses} classes; a column of numbers to predict is a 'target'");
    }

    private static IComparer<string> Comparer(IReadOnlyList<string> labels) =>
        labels.All(l => long.TryParse(l, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            ? Comparer<string>.Create((a, b) => long.Parse(a, CultureInfo.InvariantCulture).CompareTo(long.Parse(b, CultureInfo.InvariantCulture)))
            : StringComparer.Ordinal;
}
