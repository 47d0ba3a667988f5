using Engine.Numerics;

namespace Engine.Data;

/// <summary>
/// The features of examples, row by row, with their classes (<see cref="Labels"/>) or numbers to predict (<see cref="Targets"/>). Images
/// stay bytes (0–255), a quarter of the memory, and are converted when a batch is gathered; tables are floats. Exactly one of
/// <see cref="Bytes"/> and <see cref="Floats"/> is set.
/// </summary>
public sealed class Samples
{
    /// <summary>Examples whose features are bytes: <paramref name="bytes"/> is (count × features), row-major.</summary>
    public Samples(byte[] bytes, byte[] labels, int features) : this((Array)bytes, labels, null, features) { }

    /// <summary>Examples whose features are floats: <paramref name="floats"/> is (count × features), row-major.</summary>
    public Samples(float[] floats, byte[] labels, int features) : this((Array)floats, labels, null, features) { }

    /// <summary>
    /// Examples with numbers to predict: <paramref name="values"/>, a <c>byte[]</c> or <c>float[]</c>, is (count × features) and
    /// <paramref name="targets"/> (count × targets), both row-major.
    /// </summary>
    public Samples(Array values, int features, float[] targets) : this(values, new byte[values.Length / features], targets, features)
    {
        if (Count == 0 ? targets.Length > 0 : targets.Length % Count != 0)
            throw new ArgumentException($"{targets.Length} targets do not make {Count} examples.");
    }

    private Samples(Array values, byte[] labels, float[]? targets, int features)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        if (values.Length != (long)labels.Length * features)
            throw new ArgumentException($"{values.Length} feature values do not make {labels.Length} examples of {features} features.");
        (Bytes, Floats) = (values as byte[], values as float[]);
        if (Bytes is not null)
            HugePages.Ask(Bytes);
        else
            HugePages.Ask(Floats!);
        Labels = labels;
        Targets = targets;
        Features = features;
    }

    /// <summary>Features of all examples, (count × features), or null when they are floats.</summary>
    public byte[]? Bytes { get; }

    /// <summary>Features of all examples, (count × features), or null when they are bytes.</summary>
    public float[]? Floats { get; }

    /// <summary>Whichever of <see cref="Bytes"/> and <see cref="Floats"/> is set.</summary>
    public Array Values => (Array?)Bytes ?? Floats!;

    /// <summary>The size of one example's features in memory, in bytes.</summary>
    public int ExampleBytes => Bytes is null ? Features * sizeof(float) : Features;

    /// <summary>The class of each example, 0 … classes − 1; all 0 when <see cref="Targets"/> is set.</summary>
    public byte[] Labels { get; }

    /// <summary>
    /// The numbers to predict, (count × targets), row-major: unscaled regression targets, or 1 and 0 for labels; null for classification.
    /// </summary>
    public float[]? Targets { get; }

    /// <summary>Numbers per example: height × width × channels for images.</summary>
    public int Features { get; }

    /// <summary>The number of examples.</summary>
    public int Count => Labels.Length;
}
