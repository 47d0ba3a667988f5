using Engine.Numerics;

namespace Engine.Networks;

/// <summary>
/// The products of a convolution, one pixel at a time for the whole batch. The examples are the rows of the register tiles, so that small
/// images fill the tiles as well as large ones, and no image is copied or padded.
/// </summary>
internal static unsafe class PixelProducts
{
    /// <summary>
    /// Computes pixel <paramref name="at"/> of every result (count × columns) = Σ over segments: source (count × depth, from
    /// <see cref="Segment.Source"/>) · weights (depth × columns) + bias. Pixels are written in whole vectors, so calls must be in ascending
    /// order: the next pixel overwrites the padding of this one.
    /// </summary>
    public static void Forward(
        ReadOnlySpan<Segment> segments, Rows source, Panels layout, float* weights, float* bias, Rows result, int at, float* scratch)
    {
        var offset = at * layout.Columns;
        if (offset + layout.Stride <= result.Stride)
        {
            Forward(segments, source, layout, weights, bias, result.Data + offset, result.Stride);
            return;
        }
        // The padding of the last pixel would overwrite the next image.
        Forward(segments, source, layout, weights, bias, scratch, layout.Stride);
        for (var i = 0; i < result.Count; i++)
            new ReadOnlySpan<float>(scratch + i * layout.Stride, layout.Columns).CopyTo(new Span<float>(result[i] + offset, layout.Columns));
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
    /// Adds Σ over neighbouring pixels: sourceᵀ (depth × count) · gradient (count × columns) to the tap's rows of a panel of
    /// <paramref name="sums"/>, which has the layout of the weights. The gradient's columns are padded with zeros.
    /// </summary>
    public static void AddWeightGradient(in PixelRun run, Rows source, Panel panel, int gradientStride, float* gradient, float* sums, float* scratch)
    {
        // Tiles cover multiples of four rows. The remaining rows are computed in the scratch memory, because a tile would overwrite the
        // rows after them.
        var (terms, whole) = (run.Terms, run.Terms.Depth & ~3);
        var to = sums + panel.At(terms.WeightRow);
        if (whole > 0)
            Gradient(run, 0, whole, source, panel, gradientStride, gradient, to, panel.Width, to);
        if (whole < terms.Depth)
        {
            Gradient(run, whole, terms.Depth - whole, source, panel, gradientStride, gradient, MatrixProduct.Zeros.Pointer, 0, scratch);
            to += whole * panel.Width;
            for (var i = 0; i < (terms.Depth - whole) * panel.Width; i++)
                to[i] += scratch[i];
        }
    }

    private static void Gradient(
        in PixelRun run, int first, int rows, Rows source, Panel panel, int gradientStride, float* gradient, float* start, nint startStride, float* to) =>
        SimdPath.Run(new PanelProduct
        {
            Rows = rows,
            Vectors = panel.Vectors,
            Tile = new TileArguments
            {
                A = source.Data + run.Terms.Source + first,
                RowStrideA = 1,
                DepthStrideA = source.Stride,
                Segments = run.Pixels,
                SegmentStrideA = run.SourceStep,
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

/// <summary>Neighbouring pixels of the result for which the same rows of the weights are multiplied.</summary>
/// <param name="Terms">The terms of the first pixel.</param>
/// <param name="Pixels">The number of pixels.</param>
/// <param name="SourceStep">The distance between the source values of one pixel and the next.</param>
internal readonly record struct PixelRun(Segment Terms, int Pixels, int SourceStep);
