using Engine.Networks;
using Sweeps.Core;

namespace Sweeps.Training.Networks;

/// <summary>The hyperparameters of convolutions.</summary>
internal static class ConvolutionVocabulary
{
    private const int MostLayers = 100;
    private const int MostFilters = 10_000;
    private const int LargestWindow = 1_000;

    private static readonly Dictionary<string, double> GrowthWords = new() { ["same"] = 1, ["double"] = 2, ["doubled"] = 2, ["half"] = 0.5, ["halve"] = 0.5, ["halved"] = 0.5 };

    private static readonly Dictionary<string, string> PoolingSynonyms = new()
    {
        ["maxpool"] = "max", ["max_pooling"] = "max", ["avg"] = "average", ["mean"] = "average", ["gap"] = "global_average", ["global_avg"] = "global_average",
    };

    /// <summary>Every one of them.</summary>
    public static IReadOnlyList<NetworkParameter> All { get; } =
    [
        new("conv_layers", ["num_conv_layers", "n_conv_layers", "convolutions"], "number of convolutions",
            (s, v) => s.Convolution.Layers = HyperparameterReader.Integer(v, 0, MostLayers)),
        new("filters", ["num_filters", "n_filters", "conv_filters"], "filters of the first convolution, or a list: [16, 32, 64]",
            (s, v) => s.Convolution.Filters = OneOrMore(v, 1, MostFilters)),
        new("filter_growth", ["filter_multiplier", "filter_organization", "filter_org"], "from layer to layer: same, double, half, or a factor",
            (s, v) => s.Convolution.Growth = Growth(v)),
        new("kernel_size", ["kernel", "filter_size"], "rows of the kernels, or a list", (s, v) => s.Convolution.Kernels = OneOrMore(v, 1, LargestWindow)),
        new("padding", [], "zeros on every side: same, valid, or a number", (s, v) => s.Convolution.Padding = Padding(v)),
        new("stride", ["strides"], "pixels from one position to the next", (s, v) => s.Convolution.Stride = HyperparameterReader.Integer(v, 1, LargestWindow)),
        new("conv_activation", ["convolution_activation"], "activation of the convolutions; 'activation' when absent",
            (s, v) => s.Convolution.Activation = HyperparameterReader.Word(v, Activations.Names)),
        new("pooling", ["pool"], "what follows a convolution, or a list", (s, v) => s.Convolution.Poolings =
            [.. (v is Value.List list ? [.. list.Items] : new[] { v }).Select(item => item is Value.Null ? "none" : HyperparameterReader.Word(item, Poolings.Names, PoolingSynonyms))]),
        new("pooling_layers", ["num_pooling_layers"], "how many convolutions, from the first, are pooled; while windows fit when absent",
            (s, v) => s.Convolution.PooledLayers = HyperparameterReader.Integer(v, 0, MostLayers)),
        new("pooling_size", ["pool_size"], "rows of pooling windows", (s, v) => s.Convolution.PoolingSize = HyperparameterReader.Integer(v, 2, LargestWindow)),
    ];

    private static IReadOnlyList<int> OneOrMore(Value value, int min, int max) =>
        value is Value.List ? HyperparameterReader.Integers(value, min, max) : [HyperparameterReader.Integer(value, min, max)];

    private static double Growth(Value value)
    {
        if (value is Value.Text)
            return GrowthWords[HyperparameterReader.Word(value, [.. GrowthWords.Keys])];
        var factor = HyperparameterReader.Number(value);
        return factor > 0 ? factor : throw new ConfigurationException($"cannot be {value}. Expected same, double, half, or a number above 0.");
    }

    private static int Padding(Value value) => value switch
    {
        Value.Text { Content: "same" } => ConvolutionOptions.Same,
        Value.Text { Content: "valid" } => 0,
        _ => HyperparameterReader.Integer(value, 0, LargestWindow),
    };
}
