namespace Engine.Data;

/// <summary>The meaning of a table's columns and the format of its file.</summary>
public sealed record TableOptions
{
    /// <summary>The column of classes. Not used when <see cref="Targets"/> or <see cref="Labels"/> is set.</summary>
    public string Label { get; init; } = "label";

    /// <summary>The columns to predict by regression.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>The columns of 1 and 0 to predict as multiple labels.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Columns that are not used as features.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>Columns to read as categories even if their first value is a number.</summary>
    public IReadOnlyList<string> Texts { get; init; } = [];

    /// <summary>The delimiter of the fields; null to detect it from the first line.</summary>
    public char? Delimiter { get; init; }

    /// <summary>Whether the first line is a header; otherwise the columns are named 1, 2, 3 …</summary>
    public bool Header { get; init; } = true;

    /// <summary>The handling of missing values.</summary>
    public MissingValues Missing { get; init; } = MissingValues.Refuse;

    /// <summary>The shape of images whose pixels are the columns, row by row; null for a plain table.</summary>
    public ImageShape? Shape { get; init; }

    /// <summary>
    /// Parses the options in a data set's name. Throws <see cref="DatasetNotFoundException"/> for the first unknown option or wrong value.
    /// </summary>
    public static TableOptions Of(DatasetName name)
    {
        DatasetCatalog.RefuseUnknown(name, Keys);
        if (name.Options.Keys.Count(key => key is "label" or "target" or "labels") > 1)
            throw new DatasetNotFoundException("A data set has 'label' (classes), 'target' (numbers) or 'labels' (several at once), not two of them.");
        return new TableOptions
        {
            Label = name.Value("label") ?? "label",
            Targets = name.Values("target"),
            Labels = name.Values("labels"),
            Ignored = name.Values("ignore"),
            Texts = name.Values("text"),
            Delimiter = name.Value("delimiter") switch
            {
                null => null,
                "tab" or "\\t" => '\t',
                [var one and >= ' ' and < '\x7f' and not ('"' or '#')] => one,
                var other => throw new DatasetNotFoundException($"'delimiter' is '{other}', but must be one character of ASCII other than \" and #, or 'tab'."),
            },
            Header = name.Value("header") switch { null or "true" => true, "false" => false, var other => throw new DatasetNotFoundException($"'header' is '{other}', but must be true or false.") },
            Missing = name.Value("missing") switch
            {
                null or "refuse" => MissingValues.Refuse,
                "mean" => MissingValues.Mean,
                "drop" => MissingValues.Drop,
                var other => throw new DatasetNotFoundException($"'missing' is '{other}', but must be mean, drop or refuse."),
            },
            Shape = name.Values("shape") switch
            {
                [] => null,
                [var height, var width] => new ImageShape(DatasetCatalog.Size(height), DatasetCatalog.Size(width), 1),
                [var height, var width, var channels] => new ImageShape(DatasetCatalog.Size(height), DatasetCatalog.Size(width), DatasetCatalog.Size(channels)),
                _ => throw new DatasetNotFoundException("'shape' is height, width and channels of an image: [28, 28, 1]."),
            },
        };
    }

    /// <summary>The names of the options in a data set's name.</summary>
    public static IReadOnlyList<string> Keys { get; } = ["label", "target", "labels", "ignore", "text", "delimiter", "header", "missing", "shape"];

    /// <summary>The kind of prediction.</summary>
    public LearningTask Task => Targets.Count > 0 ? LearningTask.Regression : Labels.Count > 0 ? LearningTask.MultiLabel : LearningTask.Classification;

    /// <summary>The columns to predict.</summary>
    public IReadOnlyList<string> Outputs => Targets.Count > 0 ? Targets : Labels.Count > 0 ? Labels : [Label];
}

/// <summary>The handling of missing values: empty fields, NA, N/A, NaN, null, None, ?.</summary>
public enum MissingValues
{
    /// <summary>The file is refused.</summary>
    Refuse,

    /// <summary>A missing number is replaced by the mean of the column in the training part; a missing text sets no category.</summary>
    Mean,

    /// <summary>Rows with a missing feature or output are left out.</summary>
    Drop,
}
