using Engine.Data;
using Engine.Networks;
using Engine.Numerics;
using Engine.Training;

namespace Engine.Formats;

/// <summary>
/// Computes features of images with the trained convolutional layers of a network (transfer learning): a dense network on these features
/// trains in seconds. The examples keep their order, so that the same split seed holds out the same examples.
/// </summary>
public static class FeatureExtraction
{
    private const int Rows = 64;

    /// <summary>The data set whose features are the outputs of the layers before the first dense layer.</summary>
    /// <param name="model">A trained model with convolutions. Throws <see cref="EngineException"/> without any.</param>
    /// <param name="data">The images.</param>
    public static Dataset Extract(Model model, Dataset data)
    {
        var layers = Layers(model);
        if (layers.Length == 0)
            throw new EngineException("This network has no convolutions whose features could be extracted. Train one with convolutions first.");
        var features = layers[^1].Output.Size;
        using var flush = DenormalFlush.OnThisThread();
        var extracted = new Dataset(
            $"{data.Name} features", 1, features, 1, data.Output,
            Extract(model, layers, data.Train, features), Extract(model, layers, data.Test, features)) { ValidationStart = data.ValidationStart };
        GC.KeepAlive(model);
        return extracted;
    }

    /// <summary>
    /// Writes features as a NumPy <c>.npz</c>: <c>train</c>, <c>validation</c> and <c>test</c>, each (examples × features), and their
    /// classes as <c>train_labels</c> and so on, or their targets as <c>train_targets</c>. All arrays are float32.
    /// </summary>
    /// <param name="destination">The file.</param>
    /// <param name="features">The result of <see cref="Extract(Model, Dataset)"/>.</param>
    /// <param name="options">The options of the network to train on the features; they determine the validation split.</param>
    public static void WriteNpz(Stream destination, Dataset features, TrainingOptions options)
    {
        var split = Split.Of(features, options.ValidationShare, options.Stratified, options.SplitSeed);
        Npz.Write(destination, new TensorFile(
            [
                .. Part("train", features.Train, features.Output.Count, split.Training),
                .. Part("validation", features.Train, features.Output.Count, split.Validation),
                .. Part("test", features.Test, features.Output.Count, [.. Enumerable.Range(0, features.Test.Count)]),
            ], Metadata: null));
    }

    /// <summary>The layers before the first dense layer: convolutions with their activations and pooling.</summary>
    internal static ILayer[] Layers(Model model) => [.. model.Network.Layers.TakeWhile(layer => layer is not DenseLayer)];

    private static unsafe Samples Extract(Model model, ILayer[] layers, Samples samples, int features)
    {
        var values = new float[(long)samples.Count * features];
        var order = Enumerable.Range(0, samples.Count).ToArray();
        for (var start = 0; start < order.Length; start += Rows)
        {
            var count = Math.Min(Rows, order.Length - start);
            var batch = model.Gatherer.Gather(samples, order, start, count, Worker.Alone);
            foreach (var layer in layers)
                batch = layer.Forward(batch, Pass.Evaluation);
            for (var i = 0; i < count; i++)
                new ReadOnlySpan<float>(batch[i], features).CopyTo(values.AsSpan((start + i) * features));
        }
        return samples.Targets is { } targets ? new Samples(values, features, targets) : new Samples(values, samples.Labels, features);
    }

    private static Tensor[] Part(string name, Samples samples, int outputs, int[] chosen) =>
    [
        new(name, [chosen.Length, samples.Features],
            [.. chosen.SelectMany(i => new ArraySegment<float>(samples.Floats!, i * samples.Features, samples.Features))]),
        samples.Targets is { } targets
            ? new($"{name}_targets", [chosen.Length, outputs], [.. chosen.SelectMany(i => new ArraySegment<float>(targets, i * outputs, outputs))])
            : new($"{name}_labels", [chosen.Length], [.. chosen.Select(i => (float)samples.Labels[i])]),
    ];
}
