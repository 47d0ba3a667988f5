namespace Engine.Data;

/// <summary>
/// The shape of one example or its activations: height × width × channels, interleaved by pixel. A plain vector is 1 × 1 × features.
/// </summary>
public readonly record struct ImageShape(int Height, int Width, int Channels)
{
    /// <summary>Values per example.</summary>
    public int Size => Height * Width * Channels;

    /// <summary>The shape of a plain vector.</summary>
    public static ImageShape Vector(int features) => new(1, 1, features);
}
