using Engine.Data;
using Engine.Training;

namespace Engine.Formats;

/// <summary>A model read from a file, ready to predict.</summary>
public sealed class SavedModel : IDisposable
{
    internal SavedModel(Model model, ImageShape input)
    {
        Model = model;
        Input = input;
    }

    /// <summary>The network and its scaling.</summary>
    public Model Model { get; }

    /// <summary>The shape of one example.</summary>
    public ImageShape Input { get; }

    /// <summary>What is predicted: classes, targets or labels.</summary>
    public OutputSpec Output => Model.Output;

    /// <summary>The predicted class of each example; labels are not looked at. Throws <see cref="EngineException"/> when the features do not fit.</summary>
    public byte[] Predict(Samples samples) => Model.Evaluate(samples).Predictions;

    /// <summary>How the predictions compare with the labels.</summary>
    public ClassificationReport Report(Samples samples) => new(Predict(samples), samples.Labels, Output.Names);

    /// <summary>
    /// Examples without labels from a file of this model's kind: IDX images of the same size, or, when the name ends in <c>.csv</c>, a
    /// table with as many columns. Throws <see cref="DataFileException"/>.
    /// </summary>
    public Samples ReadExamples(string file)
    {
        if (file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
        {
            var table = CsvTable.Read(file, labelColumn: null);
            return table.Columns.Length == Input.Size
                ? new Samples(table.Values, new byte[table.Lines.Count], Input.Size)
                : throw new DataFileException(file, "line 1", $"{table.Columns.Length} columns", $"{Input.Size}, one for each feature of the model");
        }
        var images = IdxFile.ReadImages(file);
        var (height, width, channels) = (images.Dimensions[1], images.Dimensions[2], images.Dimensions.ElementAtOrDefault(3) is > 0 and var c ? c : 1);
        return (height, width, channels) == (Input.Height, Input.Width, Input.Channels)
            ? new Samples(images.Data, new byte[images.Count], Input.Size)
            : throw new DataFileException(file, "byte 8", $"images of {height}×{width}×{channels}", $"{Input.Height}×{Input.Width}×{Input.Channels}, what the model was trained on");
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
