namespace Engine.Data;

/// <summary>What a row of activations means: height × width × channels, interleaved by pixel; a plain vector is 1 × 1 × features.</summary>
public readonly record struct ImageShape(int Height, int Width, int Channels)
{
    /// <summary>Values per example.</summary>
    public int Size => Height * Width * Channels;

    /// <summary>A plain vector.</summary>
    public static ImageShape Vector(int features) => new(1, 1, features);
}
