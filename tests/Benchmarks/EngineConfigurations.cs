using Engine.Networks;
using Engine.Training;

namespace Benchmarks;

/// <summary>The networks of the engine benchmark. They must equal those in peers/torch_epoch.py.</summary>
internal static class EngineConfigurations
{
    public static IReadOnlyList<(string Name, string Text, TrainingOptions Options)> All { get; } =
    [
        ("A", "784-128-128-128-128-10, batch 64, nadam, sigmoid",
            new() { HiddenSizes = [128, 128, 128, 128], BatchSize = 64, Optimizer = "nadam", Activations = ["sigmoid"] }),
        ("B", "784-64-64-64-64-10, batch 32, nadam, tanh",
            new() { HiddenSizes = [64, 64, 64, 64], BatchSize = 32, Optimizer = "nadam", Activations = ["tanh"] }),
        ("C", "784-32-32-32-10, batch 16, sgd, relu",
            new() { HiddenSizes = [32, 32, 32], BatchSize = 16, Optimizer = "sgd", Activations = ["relu"] }),
        ("D", "784-400-250-100-10, batch 64, adam, relu, dropout 0.2",
            new() { HiddenSizes = [400, 250, 100], BatchSize = 64, Optimizer = "adam", Activations = ["relu"], Dropout = 0.2 }),
        ("E", "conv 3x3 16, 32, 64, 128, 256 with 2x2 max pooling after the first four, 512, batch 64, adam, relu",
            new()
            {
                Convolutions = [.. new[] { 16, 32, 64, 128, 256 }.Select((f, i) => new ConvolutionOptions { Filters = f, Pooling = i < 4 ? "max" : "none" })],
                HiddenSizes = [512], BatchSize = 64, Optimizer = "adam", Activations = ["relu"],
            }),
    ];

    /// <summary>
    /// The floating-point operations of an epoch's matrix products, zeros included: forward and weight gradient of all layers, input
    /// gradient of all but the first.
    /// </summary>
    public static double Operations(TrainingOptions options, int training, int validation)
    {
        double forward = 0, first = 0;
        int side = 28, channels = 1, width = 784;
        foreach (var convolution in options.Convolutions)
        {
            Add((double)side * side * 9 * channels * convolution.Filters);
            side = convolution.Pooling == "max" ? side / 2 : side;
            channels = convolution.Filters;
            width = side * side * channels;
        }
        foreach (var size in options.HiddenSizes.Append(10))
        {
            Add((double)width * size);
            width = size;
        }
        return 2 * (training * (3 * forward - first) + validation * forward);

        void Add(double layer)
        {
            first = first == 0 ? layer : first;
            forward += layer;
        }
    }
}
