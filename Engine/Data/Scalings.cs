namespace Engine.Data;

/// <summary>The feature scalings by name.</summary>
public static class Scalings
{
    /// <summary>
    /// All scalings: functions of a data set and the indices of its training examples. They must not read validation or test examples.
    /// </summary>
    public static Catalog<Func<Dataset, int[], Scaling>> Catalog { get; } = new("scaling")
    {
        { "unit", (data, training) => Scaling.Range(data.Train, training, low: 0) },
        { "symmetric", (data, training) => Scaling.Range(data.Train, training, low: -1) },
        { "zscore", (data, training) => Scaling.Standard(data.Train, training, data.Channels) },
        { "zscore_per_pixel", (data, training) => Scaling.Standard(data.Train, training, data.Features) },
        { "none", (data, _) => Scaling.None(data.Features) },
    };

    /// <summary>The registered names.</summary>
    public static IReadOnlyList<string> Names => Catalog.Names;
}
