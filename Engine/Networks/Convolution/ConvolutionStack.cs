using Engine.Data;

namespace Engine.Networks;

/// <summary>Builds the convolutional part of a network.</summary>
internal static class ConvolutionStack
{
    /// <summary>Appends the layers of every convolution and returns the shape after the last.</summary>
    public static ImageShape Build(IReadOnlyList<ConvolutionOptions> convolutions, ImageShape input, int capacity, List<ILayer> layers)
    {
        var shape = input;
        for (var i = 0; i < convolutions.Count; i++)
        {
            var options = convolutions[i];
            var window = Window(options, options.Geometry.Output(shape, options.Filters));
            var convolution = new ConvolutionLayer($"conv{i + 1}", shape, options.Filters, options.Geometry, capacity, window);
            shape = convolution.Output;
            if (window > 1 && MaxCommutes(options))
            {
                var pooled = new PooledConvolution(convolution, window, capacity);
                layers.Add(pooled);
                shape = pooled.Output;
                layers.Add(Activations.Catalog.Find(options.Activation)(shape, capacity));
            }
            else
            {
                layers.Add(convolution);
                layers.Add(Activations.Catalog.Find(options.Activation)(shape, capacity));
                shape = Pool(options, shape, capacity, layers);
            }
        }
        return shape;
    }

    // Max pooling commutes with non-decreasing activations: max f(x) = f(max x). Pooling first leaves a quarter of the values to activate
    // for windows of 2 × 2.
    private static bool MaxCommutes(ConvolutionOptions options) =>
        options is { Pooling: "max", Activation: "relu" or "leaky_relu" or "sigmoid" or "tanh" or "identity" };

    /// <summary>The size of the pooling windows, whose incomplete ones are not computed; 1 without windows.</summary>
    private static int Window(ConvolutionOptions options, ImageShape shape) =>
        options.Pooling is "max" or "average" && !(options.PoolOnlyWhereItFits && Math.Min(shape.Height, shape.Width) < options.PoolingSize)
            ? options.PoolingSize
            : 1;

    private static ImageShape Pool(ConvolutionOptions options, ImageShape shape, int capacity, List<ILayer> layers)
    {
        if (Window(options, shape) == 1 && options.Pooling is "max" or "average")
            return shape;
        if (Poolings.Catalog.Find(options.Pooling)(shape, options.PoolingSize, capacity) is not { } pooling)
            return shape;
        layers.Add(pooling);
        return pooling.Output;
    }
}
