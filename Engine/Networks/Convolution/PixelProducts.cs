using Engine.Numerics;

namespace Engine.Networks;

/// <summary>
/// The products of a convolution, one pixel at a time for the whole batch: the batch is the rows of the register tiles, so that a 3×3
/// image keeps them as full as a 28×28 one, and nothing is copied or padded.
/// </summary>
internal static unsafe class PixelProducts
{
    /// <summary>
    /// Pixel <paramref name="at"/> of every result (count × columns) = Σ over segments: source (count × depth, from the segment's place) ·
    /// weights (depth × columns) + bias. Pixels are written in whole vectors: call in ascending order, so that the next pixel overwrites
    /// what pads this one.
    /// </summary>
    public static void Forward(
        ReadOnlySpan<Segment> segments, Rows source, Panels layout, float* weights, float* bias, Rows result, int at, float* scratch)
    {
        var place = at * layout.Columns;
        if (place + layout.Stride <= result.Stride)
        {
            Forward(segments, source, layout, weights, bias, result.Data + place, result.Stride);
            return;
        }
        // The last pixel's padding would reach into the next image.
        Forward(segments, source, layout, weights, bias, scratch, layout.Stride);
        for (var i = 0; i < result.Count; i++)
            new ReadOnlySpan<float>(scratch + i * layout.Stride, layout.Columns).CopyTo(new Span<float>(result[i] + place, layout.Columns));
    }

    private static void Forward(
        ReadOnlySpan<Segment> segments, Rows source, Panels layout, float* weights, float* bias, float* target, int targetStride)
    {
        foreach (var panel in layout.All)
        {
            var start = bias is null ? MatrixProduct.Zeros.Pointer : bias + panel.FirstColumn;
            nint startStride = 0;
            var to = target + panel.FirstColumn;
            if (segments.IsEmpty)
                Run(source, default, panel, weights, start, startStride, to, targetStride);
            foreach (var segment in segments)
            {
                Run(source, segment, panel, weights, start, startStride, to, targetStride);
                start = to;
                startStride = targetStride;
            }
        }
    }

    private static void Run(
        Rows source, Segment segment, Panel panel, float* weights, float* start, nint startStride, float* to, int stride) =>
        SimdPath.Run(new PanelProduct
        {
            Rows = source.Count,
            Vectors = panel.Vectors,
            Tile = new TileArguments
            {
                A = source.Data + segment.Source,
                RowStrideA = source.Stride,
                DepthStrideA = 1,
                B = weights + panel.At(segment.WeightRow),
                StrideB = panel.Width,
                Depth = segment.Depth,
                Start = start,
                StartStride = startStride,
                C = to,
                StrideC = stride,
            },
        });

    /// <summary>
    /// Adds sourceᵀ (depth × count) · gradient (count × columns) to the segment's rows of a panel of <paramref name="sums"/>, which lie as the
    /// weights do. The gradient's columns are padded with zeros.
    /// </summary>
    public static void AddWeightGradient(
        Segment segment, Rows source, Panel panel, int gradientStride, float* gradient, float* sums, float* scratch)
    {
        // Tiles cover a multiple of four rows exactly; the rows left over go through the scratch, so that no neighbour is touched.
        var whole = segment.Depth & ~3;
        var to = sums + panel.At(segment.WeightRow);
        if (whole > 0)
            Gradient(source, segment.Source, whole, panel, gradientStride, gradient, to, panel.Width, to);
        if (whole < segment.Depth)
        {
            Gradient(source, segment.Source + whole, segment.Depth - whole, panel, gradientStride, gradient, MatrixProduct.Zeros.Pointer, 0, scratch);
            to += whole * panel.Width;
            for (var i = 0; i < (segment.Depth - whole) * panel.Width; i++)
                to[i] += scratch[i];
        }
    }

    private static void Gradient(
        Rows source, int first, int rows, Panel panel, int gradientStride, float* gradient, float* start, nint startStride, float* to) =>
        SimdPath.Run(new PanelProduct
        {
            Rows = rows,
            Vectors = panel.Vectors,
            Tile = new TileArguments
            {
                A = source.Data + first,
                RowStrideA = 1,
                DepthStrideA = source.Stride,
                B = gradient + panel.FirstColumn,
                StrideB = gradientStride,
                Depth = source.Count,
                Start = start,
                StartStride = startStride,
                C = to,
                StrideC = panel.Width,
            },
        });
}
