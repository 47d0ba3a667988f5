using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Engine.Data;

namespace Engine.Feeding;

/// <summary>
/// Fetches the examples of the next batch into the second-level cache, a few at a time, while the current batch is computed: they lie at
/// random places of memory, and waiting for them would cost a fifth of an epoch of a small network.
/// </summary>
public sealed unsafe class RowFetch
{
    private const int Line = 64;
    private Samples? samples;
    private int[] order = [];
    private int next, end, atOnce;

    /// <summary>Names the examples order[start … start + count), to be fetched over <paramref name="calls"/> calls.</summary>
    public void Plan(Samples samples, int[] order, int start, int count, int calls)
    {
        this.samples = samples;
        this.order = order;
        next = Math.Min(start, order.Length);
        end = Math.Min(start + count, order.Length);
        atOnce = (count + calls - 1) / calls;
    }

    /// <summary>Fetches the next few.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fetch()
    {
        if (!Sse.IsSupported || samples is null)
            return;
        var size = samples.Bytes is null ? samples.Features * sizeof(float) : samples.Features;
        for (var stop = Math.Min(next + atOnce, end); next < stop; next++)
        {
            // A hint may carry a stale address, so nothing needs to be pinned.
            ref var start = ref samples.Bytes is { } bytes
                ? ref MemoryMarshal.GetArrayDataReference(bytes)
                : ref Unsafe.As<float, byte>(ref MemoryMarshal.GetArrayDataReference(samples.Floats!));
            var from = (byte*)Unsafe.AsPointer(ref start) + (long)order[next] * size;
            for (var i = 0; i < size + Line - 1; i += Line)
                Sse.Prefetch1(from + i);
        }
    }
}
