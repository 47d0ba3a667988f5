using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Engine.Kernels;

/// <summary>
/// Up to three arrays that will be read and written after a product: weights and their moments. The product fetches them into the
/// second-level cache bit by bit, a few lines per tile, while its multiply-adds leave the memory idle.
/// </summary>
public readonly unsafe struct Lookahead(float* first, float* second, float* third)
{
    private const int LineFloats = 16;

    /// <summary>Fetches <paramref name="count"/> floats from <paramref name="start"/> on of every array.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fetch(nint start, nint count)
    {
        if (!Sse.IsSupported || first is null)
            return;
        for (nint i = start; i < start + count; i += LineFloats)
        {
            Sse.Prefetch1(first + i);
            if (second is not null)
                Sse.Prefetch1(second + i);
            if (third is not null)
                Sse.Prefetch1(third + i);
        }
    }
}
