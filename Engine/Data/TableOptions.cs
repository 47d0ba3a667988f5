namespace Engine.Data;

/// <summary>What a table's columns mean and how its file is written.</summary>
public sealed record TableOptions
{
    /// <summary>The column of classes, where <see cref="Targets"/> and <see cref="Labels"/> are empty.</summary>
    public string Label { get; init; } = "label";

    /// <summary>Columns of numbers to predict.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>Columns of 1 and 0, any number of which is to be predicted at once.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Columns that are no features.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>Columns of texts whose first value looks like a number.</summary>
    public IReadOnlyList<string> Texts { get; init; } = [];

    /// <summary>What separates the fields; found in the first line when null.</summary>
    public char? Delimiter { get; init; }

    /// <summary>Whether the first line names the columns; otherwise they are called 1, 2, 3 …</summary>
    public bool Header { get; init; } = true;

    /// <summary>What is done where a feature has no value.</summary>
    public MissingValues Missing { get; init; } = MissingValues.Refuse;

    /// <summary>Height, width and channels of images whose pixels stand in the columns, row by row; null for a plain table.</summary>
    public ImageShape? Shape { get; init; }

    /// <summary>The options in a data set's name. Throws <see cref="DatasetNotFoundException"/> at the first that is unknown or has a wrong value.</summary>
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
                [var one] => one,
                var other => throw new DatasetNotFoundException($"'delimiter' is '{other}', but must be one character or 'tab'."),
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

/// <summary>What is done with missing values: empty fields, NA, N/A, NaN, null, None, ?.</summary>
public enum MissingValues
{
    /// <summary>The file is refused.</summary>
    Refuse,

    /// <summary>The mean of the column in the training part stands in; a missing text is no category.</summary>
    Mean,

    /// <summary>Rows with a missing value, features or what is to be predicted, are left out.</summary>
    Drop,
}
