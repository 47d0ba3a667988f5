using Engine.Networks;

namespace Sweeps.Training.Networks;

/// <summary>The convolutional part of a network while its parameters are taken in: lists have one entry per layer, single values hold for all.</summary>
public sealed class ConvolutionSettings
{
    /// <summary>The number of convolutions; the length of <see cref="Filters"/> when it is not said.</summary>
    public int? Layers { get; set; }

    /// <summary>Filters of the first layer, or of each; null for a network without convolutions.</summary>
    public IReadOnlyList<int>? Filters { get; set; }

    /// <summary>What filters are multiplied by from layer to layer: 1 the same, 2 doubled, 0.5 halved.</summary>
    public double Growth { get; set; } = 1;

    /// <summary>Rows of the kernels.</summary>
    public IReadOnlyList<int> Kernels { get; set; } = [3];

    /// <summary>Zeros on every side, or <see cref="ConvolutionOptions.Same"/>.</summary>
    public int Padding { get; set; } = ConvolutionOptions.Same;

    /// <summary>Pixels from one position to the next.</summary>
    public int Stride { get; set; } = 1;

    /// <summary>The activation of the convolutions; that of the dense layers when it is not said.</summary>
    public string? Activation { get; set; }

    /// <summary>What follows the convolutions.</summary>
    public IReadOnlyList<string> Poolings { get; set; } = ["max"];

    /// <summary>How many layers, from the first, are pooled; as many as the image has pixels for when it is not said.</summary>
    public int? PooledLayers { get; set; }

    /// <summary>Rows of pooling windows.</summary>
    public int PoolingSize { get; set; } = 2;

    /// <summary>The layers. Throws <see cref="ConfigurationException"/> when lists are not as long as there are layers.</summary>
    public IReadOnlyList<ConvolutionOptions> Build(string denseActivation)
    {
        if (Filters is null)
            return Layers is null or 0 ? [] : throw new ConfigurationException("Convolutions need 'filters': how many has the first layer, or each of them?");
        var count = Layers ?? (Filters.Count > 1 ? Filters.Count
            : throw new ConfigurationException("One number of 'filters' needs 'conv_layers' beside it: how many convolutions are there?"));
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
