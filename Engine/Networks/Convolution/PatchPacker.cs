using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>
/// Gathers the patch under one pixel of every image into consecutive rows, with zeros outside the image (im2col for one pixel). Used for
/// layers with few channels, whose segments are too short for a product each: one product over the whole patch saves more time than the
/// copy costs.
/// </summary>
internal sealed unsafe class PatchPacker(int depth)
{
    /// <summary>Segments of at least this many floats are multiplied in place, without packing.</summary>
    public const int LongEnough = 16;

    private readonly Segment[] whole = [new(0, 0, depth)];

    /// <summary>The packed patch as a single segment.</summary>
    public ReadOnlySpan<Segment> Whole => whole;

    /// <summary>The number of floats for the patches of <paramref name="images"/> images.</summary>
    public long Length(int images) => (long)(images + PanelProduct.SlackRows) * Panels.RoundUp(depth);

    /// <summary>
    /// Copies the patches of <paramref name="segments"/> for all images of <paramref name="source"/> to <paramref name="memory"/>: (images
    /// × depth).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Rows Pack(ReadOnlySpan<Segment> segments, Rows source, float* memory)
    {
        var stride = Panels.RoundUp(depth);
        var patches = new Rows(memory, source.Count, depth, stride);
        var terms = 0;
        foreach (var segment in segments)
            terms += segment.Depth;
        if (terms < depth)
            new Span<float>(patches.Data, source.Count * stride).Clear();
        // Copies of four floats overshoot into the next segment, which is written later, or into the padding, which is not read.
        var isWhole = terms == depth && segments[^1].WeightRow + (segments[^1].Depth + 3) / 4 * 4 <= stride;
        foreach (var segment in segments)
        {
            float* from = source.Data + segment.Source, to = patches.Data + segment.WeightRow;
            for (var i = 0; isWhole && i < source.Count; i++, from += source.Stride, to += stride)
            {
                for (var k = 0; k < segment.Depth; k += 4)
                    Vector128.Load(from + k).Store(to + k);
            }
            for (var i = isWhole ? source.Count : 0; i < source.Count; i++, from += source.Stride, to += stride)
            {
                for (var k = 0; k < segment.Depth; k++)
                    to[k] = from[k];
            }
        }
        return patches;
    }
}
