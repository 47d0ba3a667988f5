using System.Runtime.CompilerServices;
using Engine.Data;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>
/// A convolution for segments that are too short for a product per pixel: the rows of the register tiles are neighbouring pixels of one
/// image instead of one pixel of all images, so that no patches are gathered. Images are padded with zeros first, and the taps run in the
/// same order as in a gathered patch, so that the sums have the same bits.
/// </summary>
internal sealed unsafe class DirectConvolution : IDisposable
{
    private readonly ImageShape input, output;
    private readonly ConvolutionGeometry geometry;
    private readonly Panels layout;
    private readonly PaddedImages padded;

    public DirectConvolution(ImageShape input, ImageShape output, ConvolutionGeometry geometry, Panels layout, int capacity)
    {
        (this.input, this.output, this.geometry, this.layout) = (input, output, geometry, layout);
        // Tiles may read past the last pixel.
        padded = new PaddedImages(input, geometry, capacity, PanelProduct.SlackRows * geometry.Stride * input.Channels);
    }

    /// <summary>
    /// Whether this method supports the layout: pixels are written in whole vectors next to each other, so the filters must fill them
    /// without padding.
    /// </summary>
    public static bool Fits(Panels layout) => layout.Columns == layout.Stride;

    /// <summary>
    /// Whether <see cref="Forward"/> is faster than a product of gathered patches. With vectors of sixteen floats it is not.
    /// </summary>
    public static bool PaysForward => SimdPath.Current != SimdWidth.Avx512;

    /// <summary>
    /// Computes the first <paramref name="width"/> pixels of some rows of some images into <paramref name="z"/>, whose rows start at pixel
    /// row <paramref name="firstRow"/>. Row 0 of an image must be computed first: that call pads the image.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(Rows source, int firstImage, int images, int firstRow, int rows, int width, float* weights, float* bias, Rows z)
    {
        for (var i = 0; i < images; i++)
        {
            var image = firstRow == 0 ? padded.Fill(firstImage + i, source[firstImage + i]) : padded[firstImage + i];
            for (var y = 0; y < rows; y++)
            {
                var to = z[i] + (long)y * output.Width * output.Channels;
                // Tiles that overshoot the last row would write into the next image, which another worker may compute at the same time.
                var overshoots = y == rows - 1 && width % 4 != 0;
                var pixels = overshoots ? ThreadMemory.Floats((width + PanelProduct.SlackRows) * output.Channels) : to;
                foreach (var panel in layout.All)
                    SimdPath.Run(new PanelProduct
                    {
                        Rows = width,
                        Vectors = panel.Vectors,
                        Tile = new TileArguments
                        {
                            A = image + (long)(firstRow + y) * geometry.Stride * padded.Line,
                            RowStrideA = geometry.Stride * input.Channels,
                            DepthStrideA = 1,
                            B = weights + panel.Offset,
                            StrideB = panel.Width,
                            Depth = geometry.Kernel * input.Channels,
                            Segments = geometry.Kernel,
                            SegmentStrideA = padded.Line,
                            Start = bias + panel.FirstColumn,
                            C = pixels + panel.FirstColumn,
                            StrideC = output.Channels,
                        },
                    });
                if (overshoots)
                    new ReadOnlySpan<float>(pixels, width * output.Channels).CopyTo(new Span<float>(to, width * output.Channels));
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => padded.Dispose();
}
