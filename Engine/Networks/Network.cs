using Engine.Data;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>A feed-forward network: a sequence of layers from inputs to outputs, with their parameters.</summary>
public sealed class Network : IDisposable
{
    private readonly ILayer[] layers;

    /// <summary>A network of the given layers; their parameters keep their values.</summary>
    public Network(IEnumerable<ILayer> layers)
    {
        this.layers = [.. layers];
        Parameters = [.. this.layers.SelectMany(layer => layer.Parameters)];
        for (var i = 0; i < Parameters.Count; i++)
            Parameters[i].Index = i;
    }

    /// <summary>All parameters from the first layer to the last.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The layers from first to last.</summary>
    public IReadOnlyList<ILayer> Layers => layers;

    /// <summary>
    /// Builds the network that options describe, with weights drawn from the seed, for batches of up to <paramref name="capacity"/>
    /// examples. Throws <see cref="EngineException"/> when a layer does not fit its input.
    /// </summary>
    public static Network Build(NetworkOptions options, ImageShape input, int classes, ulong seed, int capacity)
    {
        var layers = new List<ILayer>();
        var shape = ConvolutionStack.Build(options.Convolutions, input, capacity, layers);
        for (var i = 0; i < options.HiddenSizes.Count; i++)
        {
            layers.Add(new DenseLayer($"dense{i + 1}", shape.Size, options.HiddenSizes[i], capacity));
            shape = layers[^1].Output;
            var activation = options.Activations[options.Activations.Count == 1 ? 0 : i];
            layers.Add(Activations.Catalog.Find(activation)(shape, capacity));
            if (options.Dropout > 0)
                layers.Add(new DropoutLayer(shape, (float)options.Dropout, layers.Count, capacity));
        }
        layers.Add(new DenseLayer("output", shape.Size, classes, capacity));
        var network = new Network(layers);
        network.Initialize(options.Initializer, options.InitScale, seed);
        return network;
    }

    /// <summary>Draws all weights from the seed.</summary>
    public void Initialize(string initializer, double scale, ulong seed)
    {
        var chosen = Initializers.Catalog.Find(initializer);
        foreach (var layer in layers)
            foreach (var parameter in layer.Parameters.Where(parameter => !parameter.IsBias || chosen.Biases))
                chosen.Fill(parameter, layer.Parameters[0], scale, RandomStream.For(seed, RandomPurpose.Weights, (ulong)parameter.Index));
    }

    /// <summary>Computes the worker's share of the outputs of a batch, (batch × outputs).</summary>
    public Rows Forward(Rows input, in Pass pass)
    {
        foreach (var layer in layers)
            input = layer.Forward(input, pass);
        return input;
    }

    /// <summary>
    /// Backpropagates the gradient of the loss by the outputs through all layers and passes the worker's share of the parameters' gradients
    /// to the sink.
    /// </summary>
    public void Backward(Rows gradient, GradientSink sink, Worker worker)
    {
        for (var i = layers.Length - 1; i >= 0; i--)
            gradient = layers[i].Backward(gradient, needInputGradient: i > 0, sink, worker);
    }

    /// <summary>All parameters by name, row-major without padding.</summary>
    public IEnumerable<(string Name, int[] Shape, float[] Values)> ExportWeights() =>
        Parameters.Select(p => (p.Name, p.Shape, p.Export()));

    /// <summary>
    /// Replaces all parameters. Throws <see cref="EngineException"/> and changes nothing when a name or a shape differs from this
    /// network's.
    /// </summary>
    public void ImportWeights(IEnumerable<(string Name, int[] Shape, float[] Values)> weights)
    {
        var given = weights.ToDictionary(w => w.Name, StringComparer.Ordinal);
        foreach (var p in Parameters)
        {
            if (!given.TryGetValue(p.Name, out var w))
                throw new EngineException($"The weights lack '{p.Name}'. They have: {string.Join(", ", given.Keys)}.");
            if (!w.Shape.AsSpan().SequenceEqual(p.Shape) || w.Values.Length != p.Count)
                throw new EngineException(
                    $"'{p.Name}' has shape ({string.Join(" × ", w.Shape)}), but the network needs ({string.Join(" × ", p.Shape)}).");
        }
        if (given.Count != Parameters.Count)
            throw new EngineException(
                $"The weights have {given.Count} arrays, but the network only {Parameters.Count}: {string.Join(", ", Parameters.Select(p => p.Name))}.");
        foreach (var p in Parameters)
            p.Import(given[p.Name].Values);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var layer in layers)
            layer.Dispose();
    }
}
