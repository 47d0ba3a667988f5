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

    /// <summary>The outputs: classes, targets or labels.</summary>
    public OutputSpec Output => Model.Output;

    /// <summary>The encoding of a table's columns; null for a model of other data.</summary>
    public TableEncoding? Encoding { get; }

    /// <summary>
    /// Predicts the class of each example; the labels are ignored. Throws <see cref="EngineException"/> when the number of features
    /// differs.
    /// </summary>
    public byte[] Predict(Samples samples) => Model.Evaluate(samples).Predictions;

    /// <summary>Compares the predictions with the labels.</summary>
    public ClassificationReport Report(Samples samples) => new(Predict(samples), samples.Labels, Output.Names);

    /// <summary>
    /// Reads examples that fit this model: IDX images of the same size; one image file or a folder of them; or a table, whose columns are
    /// matched by name in any order. Throws <see cref="DataFileException"/>, and <see cref="EngineException"/> when
    /// <paramref name="withOutputs"/> is set for a file without outputs.
    /// </summary>
    /// <param name="file">The file or folder.</param>
    /// <param name="withOutputs">Whether to read the true outputs too; only tables have them.</param>
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
        // A model of images has no column names: the columns of the table are the pixels in order, optionally with a column 'label'.
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

    /// <summary>
    /// Reads the classes of <paramref name="count"/> examples from an IDX file of labels. Throws <see cref="DataFileException"/> when their
    /// number differs or a label is not a class.
    /// </summary>
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
