using Engine.Data;

namespace Engine.Networks;

/// <summary>The activation functions by name. A new one is a struct in ActivationFunctions.cs and one entry here.</summary>
public static class Activations
{
    /// <summary>All activations: functions of a shape and the largest batch that return a layer.</summary>
    public static Catalog<Func<ImageShape, int, ILayer>> Catalog { get; } = new("activation")
    {
        { "sigmoid", (shape, capacity) => new ActivationLayer<Sigmoid>(shape, capacity) },
        { "tanh", (shape, capacity) => new ActivationLayer<Tanh>(shape, capacity) },
        { "relu", (shape, capacity) => new ActivationLayer<Relu>(shape, capacity) },
        { "leaky_relu", (shape, capacity) => new ActivationLayer<LeakyRelu>(shape, capacity) },
        { "gelu", (shape, capacity) => new ActivationLayer<Gelu>(shape, capacity) },
        { "identity", (shape, capacity) => new ActivationLayer<Identity>(shape, capacity) },
    };

    /// <summary>The registered names.</summary>
    public static IReadOnlyList<string> Names => Catalog.Names;
}
