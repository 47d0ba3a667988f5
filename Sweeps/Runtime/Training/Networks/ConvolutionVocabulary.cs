using Engine.Networks;
using Sweeps.Core;

namespace Sweeps.Training.Networks;

/// <summary>The hyperparameters of convolutions.</summary>
internal static class ConvolutionVocabulary
{
    private const int MaxLayers = 100;
    private const int MaxFilters = 10_000;
    private const int MaxWindow = 1_000;

    private static readonly Dictionary<string, double> GrowthWords = new() { ["same"] = 1, ["double"] = 2, ["doubled"] = 2, ["half"] = 0.5, ["halve"] = 0.5, ["halved"] = 0.5 };

    private static readonly Dictionary<string, string> PoolingSynonyms = new()
    {
        ["maxpool"] = "max", ["max_pooling"] = "max", ["avg"] = "average", ["mean"] = "average", ["gap"] = "global_average", ["global_avg"] = "global_average",
    };

    public static IReadOnlyList<NetworkParameter> All { get; } =
    [
        new("conv_layers", ["num_conv_layers", "n_conv_layers", "convolutions"], "number of convolutions",
            (s, v) => s.Convolution.Layers = HyperparameterReader.Integer(v, 0, MaxLayers)),
        new("filters", ["num_filters", "n_filters", "conv_filters"], "filters of the first convolution, or a list: [16, 32, 64]",
            (s, v) => s.Convolution.Filters = OneOrMore(v, 1, MaxFilters)),
        new("filter_growth", ["filter_multiplier", "filter_organization", "filter_org"], "from layer to layer: same, double, half, or a factor",
            (s, v) => s.Convolution.Growth = Growth(v)),
        new("kernel_size", ["kernel", "filter_size"], "rows of the kernels, or a list", (s, v) => s.Convolution.Kernels = OneOrMore(v, 1, MaxWindow)),
        new("padding", [], "zeros on every side: same, valid, or a number", (s, v) => s.Convolution.Padding = Padding(v)),
        new("stride", ["strides"], "pixels from one position to the next", (s, v) => s.Convolution.Stride = HyperparameterReader.Integer(v, 1, MaxWindow)),
        new("conv_activation", ["convolution_activation"], "activation of the convolutions; 'activation' when absent",
            (s, v) => s.Convolution.Activation = HyperparameterReader.Word(v, Activations.Names)),
        new("pooling", ["pool"], "what follows a convolution, or a list", (s, v) => s.Convolution.Poolings =
            [.. (v is Value.List list ? [.. list.Items] : new[] { v }).Select(item => item is Value.Null ? "none" : HyperparameterReader.Word(item, Poolings.Names, PoolingSynonyms))]),
        new("pooling_layers", ["num_pooling_layers"], "how many convolutions, from the first, are pooled; while windows fit when absent",
            (s, v) => s.Convolution.PooledLayers = HyperparameterReader.Integer(v, 0, MaxLayers)),
        new("pooling_size", ["pool_size"], "rows of pooling windows", (s, v) => s.Convolution.PoolingSize = HyperparameterReader.Integer(v, 2, MaxWindow)),
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
        _ => HyperparameterReader.Integer(value, 0, MaxWindow),
    };
}

/// <summary>Collects the parameters of convolutional layers. A list has one entry per layer; a single value is used for all layers.</summary>
public sealed class ConvolutionSettings
{
    /// <summary>The number of convolutions; null for the length of <see cref="Filters"/>.</summary>
    public int? Layers { get; set; }

    /// <summary>The filters of the first layer, or of each layer; null for a network without convolutions.</summary>
    public IReadOnlyList<int>? Filters { get; set; }

    /// <summary>The factor by which the number of filters grows from layer to layer. Default: 1.</summary>
    public double Growth { get; set; } = 1;

    /// <summary>The number of rows of the square kernels. Default: 3.</summary>
    public IReadOnlyList<int> Kernels { get; set; } = [3];

    /// <summary>The number of zeros on every side, or <see cref="ConvolutionOptions.Same"/>, the default.</summary>
    public int Padding { get; set; } = ConvolutionOptions.Same;

    /// <summary>The number of pixels from one kernel position to the next. Default: 1.</summary>
    public int Stride { get; set; } = 1;

    /// <summary>The activation of the convolutions; null for that of the dense layers.</summary>
    public string? Activation { get; set; }

    /// <summary>The pooling after the convolutions. Default: max.</summary>
    public IReadOnlyList<string> Poolings { get; set; } = ["max"];

    /// <summary>The number of pooled layers, from the first; null to pool layers while the image is large enough.</summary>
    public int? PooledLayers { get; set; }

    /// <summary>The number of rows of the square pooling windows. Default: 2.</summary>
    public int PoolingSize { get; set; } = 2;

    /// <summary>
    /// Builds the layers. Throws <see cref="ConfigurationException"/> if the number of filters or layers is missing, or if the length of a list is not the
    /// number of layers.
    /// </summary>
    public IReadOnlyList<ConvolutionOptions> Build(string denseActivation)
    {
        if (Filters is null)
            return Layers is null or 0 ? [] : throw new ConfigurationException("Convolutions need 'filters': the number of the first layer, or a list with one number per layer.");
        var count = Layers ?? (Filters.Count > 1 ? Filters.Count
            : throw new ConfigurationException("One number of 'filters' needs 'conv_layers', the number of convolutions."));
        Check(Filters.Count, count, "filters");
        Check(Kernels.Count, count, "kernel_size");
        Check(Poolings.Count, count, "pooling");
        return [.. Enumerable.Range(0, count).Select(layer => new ConvolutionOptions
        {
            Filters = Filters.Count == 1 ? Math.Max(1, (int)Math.Round(Filters[0] * Math.Pow(Growth, layer))) : Filters[layer],
            Kernel = Kernels[Kernels.Count == 1 ? 0 : layer],
            Padding = Padding,
            Stride = Stride,
            Activation = Activation ?? denseActivation,
            Pooling = layer < (PooledLayers ?? count) ? Poolings[Poolings.Count == 1 ? 0 : layer] : "none",
            PoolingSize = PoolingSize,
            PoolOnlyWhereItFits = PooledLayers is null && Poolings.Count == 1,
        })];
    }

    private static void Check(int given, int layers, string name)
    {
        if (given != 1 && given != layers && layers > 0)
            throw new ConfigurationException($"'{name}' lists {given} values for {layers} convolutions. Give one for all, or one per layer.");
    }
}
