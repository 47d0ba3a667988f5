using Engine.Data;
using Engine.Formats;
using Engine.Training;

namespace Sweeps.Analysis;

/// <summary>
/// The evaluation of a trained network on a data set, for reports and the page: the metrics, the confusion matrix and the scores of each class, the
/// wrong predictions, and the weights of the first layer as images.
/// </summary>
public sealed class ModelInspection
{
    private readonly Dataset data;
    private readonly Samples samples;
    private readonly float[] probabilities;

    private ModelInspection(SavedModel model, Dataset data)
    {
        this.data = data;
        (Part, samples) = data.Test.Count > 0 ? ("test", data.Test) : ("train", data.Train);
        Evaluation = model.Model.Evaluate(samples);
        Metrics = Measure(Evaluation);
        if (Output.Task == LearningTask.Classification)
            Report = new ClassificationReport(Evaluation.Predictions, Evaluation.Labels, Output.Names);
        probabilities = Output.Task == LearningTask.Regression ? [] : Evaluation.Probabilities();
        Mistakes = Report is null ? [] : [.. FindMistakes().OrderByDescending(mistake => mistake.Probability).ThenBy(mistake => mistake.Example)];
        FirstLayer = [.. FirstLayerOf(model)];
    }

    /// <summary>Evaluates a model on the test part of a data set, or on its training part when it has no test part.</summary>
    /// <param name="weights">A model in the safetensors format, as runs and <c>sweep export</c> write it.</param>
    /// <param name="data">The data set.</param>
    /// <exception cref="DataFileException">The weights are damaged.</exception>
    /// <exception cref="Engine.EngineException">The size of an example or the classes differ between the model and the data set.</exception>
    public static ModelInspection Of(byte[] weights, Dataset data)
    {
        using var model = ModelFile.Read(weights, "weights");
        if (!model.Output.Names.SequenceEqual(data.Output.Names))
            throw new Engine.EngineException($"The model predicts {string.Join(", ", model.Output.Names)}, but '{data.Name}' has {string.Join(", ", data.Output.Names)}.");
        return new ModelInspection(model, data);
    }

    /// <summary>The part of the data set that was evaluated: <c>test</c> or <c>train</c>.</summary>
    public string Part { get; }

    /// <summary>What is predicted.</summary>
    public OutputSpec Output => data.Output;

    /// <summary>The outputs of the model for every example, with their targets.</summary>
    public Evaluation Evaluation { get; }

    /// <summary>Loss, accuracy and the other metrics of the task, by name. A metric other than these two is left out if its value is not finite.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; }

    /// <summary>The confusion matrix and the scores of each class; null unless the task is classification.</summary>
    public ClassificationReport? Report { get; }

    /// <summary>Every wrong prediction, in descending order of its probability; empty unless the task is classification.</summary>
    public IReadOnlyList<Mistake> Mistakes { get; }

    /// <summary>
    /// The weights of each unit or filter of the first layer as an image (height × width × channels); empty if the input or the filter has fewer than 2
    /// rows or columns.
    /// </summary>
    public IReadOnlyList<WeightImage> FirstLayer { get; }

    /// <summary>The probability that the model gives to a class or label (<paramref name="output"/>) of an example.</summary>
    public double Probability(int example, int output) => probabilities[example * Output.Count + output];

    /// <summary>An example of the evaluated part as a PNG file; null if examples are not images.</summary>
    public byte[]? Image(int example) => Image(data, samples, example);

    /// <summary>
    /// The first training image of each class, in the order of the classes; null for a class without one. Empty unless the task is classification.
    /// </summary>
    public static IReadOnlyList<byte[]?> ImagePerClass(Dataset data) => data.Output.Task != LearningTask.Classification ? []
        : [.. Enumerable.Range(0, data.Output.Count).Select(label => Array.IndexOf(data.Train.Labels, (byte)label) is >= 0 and var first ? Image(data, data.Train, first) : null)];

    /// <summary>
    /// One PNG file with the first <paramref name="perClass"/> training images of each class, one row per class; null unless the data set has images
    /// whose pixels are bytes and the task is classification.
    /// </summary>
    public static byte[]? Montage(Dataset data, int perClass)
    {
        if (data.Height < 2 || data.Width < 2 || data.Output.Task != LearningTask.Classification || data.Train.Bytes is not { } bytes)
            return null;
        const int Gap = 2;
        var channels = data.Channels == 3 ? 3 : 1;
        int width = perClass * (data.Width + Gap) - Gap, height = data.Output.Count * (data.Height + Gap) - Gap;
        var pixels = new byte[width * height * channels];
        Array.Fill(pixels, byte.MaxValue);
        foreach (var (label, examples) in Enumerable.Range(0, data.Train.Count).GroupBy(i => data.Train.Labels[i]).Select(group => (group.Key, group.Take(perClass))))
            foreach (var (place, example) in examples.Index())
                for (var y = 0; y < data.Height; y++)
                    for (var x = 0; x < data.Width; x++)
                        for (var c = 0; c < channels; c++)
                            pixels[((label * (data.Height + Gap) + y) * width + place * (data.Width + Gap) + x) * channels + c] =
                                bytes[example * data.Features + (y * data.Width + x) * data.Channels + c];
        return Png.Encode(height, width, channels, pixels);
    }

    /// <summary>
    /// An example of a part of a data set as a PNG file; null if examples are not images. Pixels that are floats are scaled so that the smallest is black
    /// and the largest is white.
    /// </summary>
    public static byte[]? Image(Dataset data, Samples samples, int example)
    {
        if (data.Height < 2 || data.Width < 2)
            return null;
        if (samples.Bytes is { } bytes)
            return Png.Encode(data.Height, data.Width, data.Channels, bytes.AsSpan(example * data.Features, data.Features));
        var values = samples.Floats.AsSpan(example * data.Features, data.Features).ToArray();
        float low = values.Min(), high = values.Max();
        return Png.Encode(data.Height, data.Width, data.Channels, Array.ConvertAll(values, x => (byte)(high > low ? 255 * (x - low) / (high - low) : 0)));
    }

    private static Dictionary<string, double> Measure(Evaluation evaluation)
    {
        var metrics = new Dictionary<string, double> { ["loss"] = evaluation.Loss };
        if (evaluation.Accuracy is { } accuracy)
            metrics["accuracy"] = accuracy;
        foreach (var name in Engine.Training.Metrics.NamesFor(evaluation.Output))
            if (evaluation.Measure([name])[0] is var value && double.IsFinite(value))
                metrics[name] = value;
        return metrics;
    }

    private IEnumerable<Mistake> FindMistakes()
    {
        for (var i = 0; i < samples.Count; i++)
            if (Evaluation.Predictions[i] is var predicted && predicted != samples.Labels[i])
                yield return new Mistake(i, samples.Labels[i], predicted, Probability(i, predicted));
    }

    private static IEnumerable<WeightImage> FirstLayerOf(SavedModel model)
    {
        var (name, shape, values) = model.Model.Network.ExportWeights().First();
        var convolution = shape.Length == 4;
        var (height, width, channels) = convolution ? (shape[0], shape[1], shape[2]) : (model.Input.Height, model.Input.Width, model.Input.Channels);
        if (height < 2 || width < 2)
            yield break;
        var units = shape[^1];
        for (var unit = 0; unit < units; unit++)
            yield return new WeightImage($"{name} {unit}", height, width, channels, [.. Enumerable.Range(0, values.Length / units).Select(i => values[i * units + unit])]);
    }
}

/// <summary>A wrong prediction.</summary>
/// <param name="Example">The number of the example in the evaluated part, from 0.</param>
/// <param name="Label">Its class.</param>
/// <param name="Prediction">The predicted class.</param>
/// <param name="Probability">The probability that the model gives to the predicted class.</param>
public sealed record Mistake(int Example, int Label, int Prediction, double Probability);

/// <summary>The weights of one unit or filter as an image.</summary>
/// <param name="Name">The name of the weight tensor and the number of the unit.</param>
/// <param name="Height">The number of rows.</param>
/// <param name="Width">The number of columns.</param>
/// <param name="Channels">The number of values per pixel; they are interleaved.</param>
/// <param name="Values">The weights (height × width × channels).</param>
public sealed record WeightImage(string Name, int Height, int Width, int Channels, float[] Values)
{
    /// <summary>A PNG file: 0 is medium gray, −m is black and m is white, where m is the largest absolute weight of the unit.</summary>
    public byte[] ToPng()
    {
        var most = Math.Max(Values.Max(Math.Abs), float.Epsilon);
        return Png.Encode(Height, Width, Channels, Array.ConvertAll(Values, x => (byte)Math.Round(127.5 + 127.5 * x / most)));
    }
}
