using Engine.Data;
using Engine.Networks;
using Engine.Training;

namespace Engine.Formats;

/// <summary>A model read from a file, ready to predict.</summary>
public sealed class SavedModel : IDisposable
{
    internal SavedModel(Model model, ImageShape input, IReadOnlyList<ConvolutionOptions> convolutions, TableEncoding? encoding)
    {
        Model = model;
        Input = input;
        Convolutions = convolutions;
        Encoding = encoding;
    }

    /// <summary>The network and its scaling.</summary>
    public Model Model { get; }

    /// <summary>The shape of one example.</summary>
    public ImageShape Input { get; }

    /// <summary>The convolutions before the dense layers; empty without any.</summary>
    public IReadOnlyList<ConvolutionOptions> Convolutions { get; }

    /// <summary>What is predicted: classes, targets or labels.</summary>
    public OutputSpec Output => Model.Output;

    /// <summary>How the columns of a table become features; null for a model of other data.</summary>
    public TableEncoding? Encoding { get; }

    /// <summary>The predicted class of each example; labels are not looked at. Throws <see cref="EngineException"/> when the features do not fit.</summary>
    public byte[] Predict(Samples samples) => Model.Evaluate(samples).Predictions;

    /// <summary>How the predictions compare with the labels.</summary>
    public ClassificationReport Report(Samples samples) => new(Predict(samples), samples.Labels, Output.Names);

    /// <summary>
    /// Examples from a file of this model's kind: IDX images of the same size; a folder of images or one of them; or a table, whose columns are matched
    /// by name, whatever their order and with or without what is to be predicted. Throws <see cref="DataFileException"/>.
    /// </summary>
    /// <param name="file">The file or folder.</param>
    /// <param name="withOutputs">Whether the table must have the columns that were predicted, to compare the predictions with.</param>
    public Samples ReadExamples(string file, bool withOutputs = false)
    {
        if (!withOutputs && (Directory.Exists(file) || ImageFolder.IsImage(file)))
            return Unlabelled(ImageFolder.ReadImages(file, new ImageShape(Input.Height, Input.Width, Input.Channels)));
        if (IsTable(file))
            return ReadTable(file, withOutputs);
        if (withOutputs)
            throw new EngineException("Only tables and data sets say what is true. Name the file of labels: --labels LABELS.");
        var images = IdxFile.ReadImages(file);
        var (height, width, channels) = (images.Dimensions[1], images.Dimensions[2], images.Dimensions.ElementAtOrDefault(3) is > 0 and var c ? c : 1);
        return (height, width, channels) == (Input.Height, Input.Width, Input.Channels)
            ? Unlabelled(images.Data)
            : throw new DataFileException(file, "byte 8", $"images of {height}×{width}×{channels}", $"{Input.Height}×{Input.Width}×{Input.Channels}, what the model was trained on");
    }

    private static bool IsTable(string file) => file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || file.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase)
        || file.EndsWith(".csv.gz", StringComparison.OrdinalIgnoreCase);

    private Samples ReadTable(string file, bool withOutputs)
    {
        // A model of images has no names of columns: a table has its pixels in their order, with or without a column 'label'.
        var encoding = Encoding ?? new TableEncoding([], ["label"]);
        var options = new TableOptions
        {
            Header = encoding.Header,
            Label = encoding.Outputs is [var one, ..] ? one : "label",
            Targets = Output.Task == LearningTask.Regression ? encoding.Outputs : [],
            Labels = Output.Task == LearningTask.MultiLabel ? encoding.Outputs : [],
        };
        var table = TableReader.Read(file, options, Encoding, outputsRequired: withOutputs);
        if (table.Encoding.Features != Input.Size)
            throw new DataFileException(file, "line 1", $"{table.Encoding.Features} columns", $"{Input.Size}, one for each feature of the model");
        return withOutputs ? TableDataset.ToSamples(table, Output, "the training part") : Unlabelled(table.Features);
    }

    private Samples Unlabelled(Array values)
    {
        var count = values.Length / Input.Size;
        if (Output.Task != LearningTask.Classification)
            return new Samples(values, Input.Size, new float[count * Output.Count]);
        return values is byte[] bytes ? new Samples(bytes, new byte[count], Input.Size) : new Samples((float[])values, new byte[count], Input.Size);
    }

    /// <summary>The classes of <paramref name="count"/> examples, from an IDX file of labels. Throws <see cref="DataFileException"/>.</summary>
    public byte[] ReadLabels(string file, int count)
    {
        var labels = IdxFile.ReadLabels(file);
        if (labels.Count != count)
            throw new DataFileException(file, "byte 4", $"{labels.Count:N0} labels", $"{count:N0}, one for each example");
        IdxDataset.CheckLabels(labels, Output.Count);
        return labels.Data;
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}
