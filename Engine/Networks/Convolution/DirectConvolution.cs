using System.Runtime.CompilerServices;
using Engine.Data;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>
/// The forward pass of a convolution whose segments are too short for a product per pixel: the rows of the register tiles are neighbouring
/// pixels of one image instead of one pixel of all images, so that nothing is gathered. The image gets its zeros at the edges first, and the
/// taps run in the same order as in a gathered patch: the sums have the same bits.
/// </summary>
internal sealed unsafe class DirectConvolution : IDisposable
{
    private readonly ImageShape input, output;
    private readonly ConvolutionGeometry geometry;
    private readonly Panels layout;
    private readonly int line;
    private readonly NativeBuffer padded;

    public DirectConvolution(ImageShape input, ImageShape output, ConvolutionGeometry geometry, Panels layout)
    {
        (this.input, this.output, this.geometry, this.layout) = (input, output, geometry, layout);
        line = (input.Width + 2 * geometry.Padding + geometry.Extra) * input.Channels;
        // Tiles may read some pixels beyond the last.
        padded = new NativeBuffer((long)line * (input.Height + 2 * geometry.Padding + geometry.Extra)
            + PanelProduct.SlackRows * geometry.Stride * input.Channels + line);
    }

    /// <summary>
    /// Whether this is possible, since pixels are written side by side in whole vectors, which the filters must fill; and worth it: with vectors of
    /// sixteen floats a gathered product is faster.
    /// </summary>
    public static bool Pays(Panels layout) => layout.Columns == layout.Stride && SimdPath.Current != SimdWidth.Avx512;

    /// <summary>Computes the first <paramref name="width"/> pixels of some rows of all images, into rows of floats that begin with the first of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(Rows source, int firstRow, int rows, int width, float* weights, float* bias, Rows z)
    {
        for (var i = 0; i < source.Count; i++)
        {
            Pad(source[i], firstRow * geometry.Stride, (rows - 1) * geometry.Stride + geometry.Kernel);
            for (var y = 0; y < rows; y++)
                foreach (var panel in layout.All)
                    SimdPath.Run(new PanelProduct
                    {
                        Rows = width,
                        Vectors = panel.Vectors,
                        Tile = new TileArguments
                        {
                            A = padded.Pointer + (long)(firstRow + y) * geometry.Stride * line,
                            RowStrideA = geometry.Stride * input.Channels,
                            DepthStrideA = 1,
                            B = weights + panel.Offset,
                            StrideB = panel.Width,
                            Depth = geometry.Kernel * input.Channels,
                            Segments = geometry.Kernel,
                            SegmentStrideA = line,
                            Start = bias + panel.FirstColumn,
                            C = z[i] + (long)y * output.Width * output.Channels + panel.FirstColumn,
                            StrideC = output.Channels,
                        },
                    });
        }
    }

    /// <summary>Copies the rows of an image that some rows of the padded image show; its edges stay 0.</summary>
    private void Pad(float* image, int first, int count)
    {
        var row = input.Width * input.Channels;
        for (var y = Math.Max(0, first - geometry.Padding); y < Math.Min(input.Height, first + count - geometry.Padding); y++)
            new ReadOnlySpan<float>(image + y * row, row).CopyTo(
                new Span<float>(padded.Pointer + (long)(y + geometry.Padding) * line + geometry.Padding * input.Channels, row));
    }

    /// <inheritdoc/>
    public void Dispose() => padded.Dispose();
}
