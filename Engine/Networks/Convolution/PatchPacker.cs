using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>
/// Gathers the patch under one pixel of every image to consecutive rows, zeros where it reaches over the edge. For layers with so few
/// channels that the segments are too short for a product each: one product over the whole patch costs less than the copy.
/// </summary>
internal sealed unsafe class PatchPacker(int depth)
{
    /// <summary>Segments at least this long are multiplied where they lie.</summary>
    public const int LongEnough = 16;

    private readonly Segment[] whole = [new(0, 0, depth)];

    /// <summary>The packed patch as the one segment that it is.</summary>
    public ReadOnlySpan<Segment> Whole => whole;

    /// <summary>The floats that the patches of so many images take.</summary>
    public long Length(int images) => (long)(images + PanelProduct.SlackRows) * Panels.RoundUp(depth);

    /// <summary>The patches of <paramref name="segments"/> for all images of <paramref name="source"/>, in <paramref name="memory"/>.</summary>
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
        // Four floats at a time overshoot into the next segment, which is written later, or into the padding, which is not read.
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
