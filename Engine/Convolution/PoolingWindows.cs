using Engine.Layers;

namespace Engine.Convolution;

/// <summary>Side-by-side windows over an image; rows and columns that do not fill a window are left out.</summary>
internal readonly record struct PoolingWindows(ImageShape Input, int Height, int Width)
{
    /// <summary>One value per window and channel.</summary>
    public ImageShape Output => new(Input.Height / Height, Input.Width / Width, Input.Channels);

    /// <summary>Whether every pixel is in a window.</summary>
    public bool CoverAll => Input.Height % Height == 0 && Input.Width % Width == 0;
}
