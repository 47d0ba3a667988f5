using Engine.Data;

namespace Engine.Networks;

/// <summary>The poolings by name.</summary>
public static class Poolings
{
    /// <summary>All poolings: functions of a shape, a window size and the largest batch that return a layer, or null for none.</summary>
    public static Catalog<Func<ImageShape, int, int, ILayer?>> Catalog { get; } = new("pooling")
    {
        { "none", (_, _, _) => null },
        { "max", (shape, size, capacity) => PoolingLayer.Max(shape, size, capacity) },
        { "average", (shape, size, capacity) => PoolingLayer.Average(shape, size, capacity) },
        { "global_average", (shape, _, capacity) => PoolingLayer.GlobalAverage(shape, capacity) },
    };

    /// <summary>The registered names.</summary>
    public static IReadOnlyList<string> Names => Catalog.Names;
}
