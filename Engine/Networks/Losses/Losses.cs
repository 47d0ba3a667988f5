namespace Engine.Networks;

/// <summary>The losses by name.</summary>
public static class Losses
{
    /// <summary>Every loss: made for a number of classes, the largest batch, and label smoothing.</summary>
    public static Catalog<Func<int, int, double, SoftmaxLoss>> Catalog { get; } = new("loss")
    {
        { "cross_entropy", (classes, capacity, smoothing) => new CrossEntropy(classes, capacity, smoothing) },
        { "squared_error", (classes, capacity, smoothing) => new SquaredError(classes, capacity, smoothing, factor: 1) },
        { "mean_squared_error", (classes, capacity, smoothing) => new SquaredError(classes, capacity, smoothing, factor: 1.0 / classes) },
    };

    /// <summary>The registered names.</summary>
    public static IReadOnlyList<string> Names => Catalog.Names;
}
