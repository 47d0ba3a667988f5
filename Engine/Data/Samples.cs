using Engine.Numerics;

namespace Engine.Data;

/// <summary>
/// Labelled examples held in memory once per process, row by row. Images stay bytes (0–255) and are converted while a
/// batch is gathered; tables are floats. Exactly one of <see cref="Bytes"/> and <see cref="Floats"/> is set.
/// </summary>
public sealed class Samples
{
    /// <summary>Examples whose features are bytes: <paramref name="bytes"/> is (count × features), row-major.</summary>
    public Samples(byte[] bytes, byte[] labels, int features) : this(labels, features)
    {
        Check(bytes.Length);
        HugePages.Ask(bytes);
        Bytes = bytes;
    }

    /// <summary>Examples whose features are floats: <paramref name="floats"/> is (count × features), row-major.</summary>
    public Samples(float[] floats, byte[] labels, int features) : this(labels, features)
    {
        Check(floats.Length);
        HugePages.Ask(floats);
        Floats = floats;
    }

    private Samples(byte[] labels, int features)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        Labels = labels;
        Features = features;
    }

    /// <summary>Features of all examples, (count × features), or null when they are floats.</summary>
    public byte[]? Bytes { get; }

    /// <summary>Features of all examples, (count × features), or null when they are bytes.</summary>
    public float[]? Floats { get; }

    /// <summary>Whichever of <see cref="Bytes"/> and <see cref="Floats"/> is set.</summary>
    public Array Values => (Array?)Bytes ?? Floats!;

    /// <summary>The length of one example in memory.</summary>
    public int ExampleBytes => Bytes is null ? Features * sizeof(float) : Features;

    /// <summary>The class of each example, 0 … classes − 1; its length is the number of examples.</summary>
    public byte[] Labels { get; }

    /// <summary>Numbers per example: height × width × channels for images.</summary>
    public int Features { get; }

    /// <summary>The number of examples.</summary>
    public int Count => Labels.Length;

    private void Check(int length)
    {
        if (length != (long)Count * Features)
            throw new ArgumentException($"{length} feature values do not make {Count} examples of {Features} features.");
    }
}
