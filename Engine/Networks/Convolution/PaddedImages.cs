using Engine.Data;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>Copies of the images of a batch with the zeros at their edges that a convolution reads.</summary>
internal sealed unsafe class PaddedImages : IDisposable
{
    private readonly int row, rows, first;
    private readonly NativeBuffer memory;

    /// <summary>
    /// Room for <paramref name="capacity"/> images, whose edges stay 0, and <paramref name="slack"/> floats after the last.
    /// </summary>
    public PaddedImages(ImageShape shape, ConvolutionGeometry geometry, int capacity, int slack = 0)
    {
        (row, rows) = (shape.Width * shape.Channels, shape.Height);
        var edges = 2 * geometry.Padding + geometry.Extra;
        Line = (shape.Width + edges) * shape.Channels;
        Stride = Panels.RoundUp(Line * (shape.Height + edges));
        first = geometry.Padding * (Line + shape.Channels);
        memory = new NativeBuffer((long)capacity * Stride + Line + slack);
    }

    /// <summary>Floats from one row of an image to the next.</summary>
    public int Line { get; }

    /// <summary>Floats from one image to the next.</summary>
    public int Stride { get; }

    /// <summary>The upper left corner of a padded image.</summary>
    public float* this[int image] => memory.Pointer + (long)image * Stride;

    /// <summary>Replaces an image by <paramref name="pixels"/> (height × width × channels) and returns its upper left corner.</summary>
    public float* Fill(int image, float* pixels)
    {
        var to = this[image] + first;
        for (var y = 0; y < rows; y++)
            new ReadOnlySpan<float>(pixels + y * row, row).CopyTo(new Span<float>(to + (long)y * Line, row));
        return this[image];
    }

    /// <inheritdoc/>
    public void Dispose() => memory.Dispose();
}
