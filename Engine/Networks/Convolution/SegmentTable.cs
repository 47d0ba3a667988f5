using Engine.Data;

namespace Engine.Networks;

/// <summary>
/// The terms of every pixel of a convolution's result: which source values are multiplied by which rows of the weights. Taps that would
/// read the padding are left out, and adjacent taps are joined: an inner pixel of a 3×3 convolution over C channels has three segments of
/// 3·C terms.
/// </summary>
internal sealed class SegmentTable
{
    private readonly Segment[] segments;
    private readonly int[] starts;

    private SegmentTable(List<Segment> segments, List<int> starts)
    {
        this.segments = [.. segments];
        this.starts = [.. starts, segments.Count];
    }

    /// <summary>Pixels of the result, row by row.</summary>
    public int Pixels => starts.Length - 1;

    /// <summary>The terms of one pixel.</summary>
    public ReadOnlySpan<Segment> this[int pixel] => segments.AsSpan(starts[pixel], starts[pixel + 1] - starts[pixel]);

    /// <summary>
    /// z[oy, ox] = Σ x[oy·s + ky − p, ox·s + kx − p] · W[ky, kx], the weights' rows being (ky, kx, channel).
    /// </summary>
    public static SegmentTable Forward(ImageShape input, ImageShape output, ConvolutionGeometry g) => Make(
        output, input, (input.Height, input.Width), g.Kernel, input.Channels,
        (at, tap) => at * g.Stride + tap - g.Padding);

    /// <summary>
    /// dx[iy, ix] = Σ dz[oy, ox] · W[ky, kx]ᵀ over oy·s = iy + p − ky: a convolution of the gradient with the taps in reverse order, so
    /// that its terms are consecutive in memory too. The rows of the weights are (reversed ky, reversed kx, filter).
    /// </summary>
    /// <param name="input">The shape of x.</param>
    /// <param name="output">The shape of z.</param>
    /// <param name="used">Pixels of dz below and right of this height and width are 0, so their terms are left out.</param>
    /// <param name="g">Kernel, padding and stride.</param>
    public static SegmentTable Backward(ImageShape input, ImageShape output, (int Height, int Width) used, ConvolutionGeometry g) => Make(
        input, output, used, g.Kernel, output.Channels,
        (at, tap) => at + g.Padding - (g.Kernel - 1 - tap) is var scaled && scaled % g.Stride == 0 ? scaled / g.Stride : -1);

    private static SegmentTable Make(
        ImageShape result, ImageShape source, (int Height, int Width) used, int kernel, int depth, Func<int, int, int> sourceAt)
    {
        var segments = new List<Segment>();
        var starts = new List<int>();
        for (var pixel = 0; pixel < result.Height * result.Width; pixel++)
        {
            starts.Add(segments.Count);
            for (var tap = 0; tap < kernel * kernel; tap++)
            {
                int y = sourceAt(pixel / result.Width, tap / kernel), x = sourceAt(pixel % result.Width, tap % kernel);
                if ((uint)y < (uint)used.Height && (uint)x < (uint)used.Width)
                    Append(segments, starts[^1], new Segment((y * source.Width + x) * depth, tap * depth, depth));
            }
        }
        return new SegmentTable(segments, starts);
    }

    private static void Append(List<Segment> segments, int first, Segment next)
    {
        if (segments.Count > first && segments[^1] is var last
            && last.Source + last.Depth == next.Source && last.WeightRow + last.Depth == next.WeightRow)
            segments[^1] = last with { Depth = last.Depth + next.Depth };
        else
            segments.Add(next);
    }
}

/// <summary>
/// Consecutive terms of the sum of one pixel: <see cref="Depth"/> source values from index <see cref="Source"/>, and as many rows of the
/// weights from <see cref="WeightRow"/>.
/// </summary>
internal readonly record struct Segment(int Source, int WeightRow, int Depth);
