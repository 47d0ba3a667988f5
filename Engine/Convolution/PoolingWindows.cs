using Engine.Layers;

namespace Engine.Convolution;

/// <summary>Side-by-side windows over an image; rows and columns that do not fill a window are left out.</summary>
internal readonly record struct PoolingWindows(ImageShape Input, int Height, int Width)
{
    /// <summary>Windows over an image. Throws <see cref="EngineException"/> when they do not fit.</summary>
    public static PoolingWindows Of(ImageShape input, int height, int width) =>
        height <= input.Height && width <= input.Width
            ? new PoolingWindows(input, height, width)
            : throw new EngineException(
                $"Pooling windows of {height}×{width} do not fit into {input.Height}×{input.Width} pixels. Use smaller windows or fewer layers that pool.");

    /// <summary>One value per window and channel.</summary>
    public ImageShape Output => new(Input.Height / Height, Input.Width / Width, Input.Channels);

    /// <summary>Whether every pixel is in a window.</summary>
    public bool CoverAll => Input.Height % Height == 0 && Input.Width % Width == 0;
}
