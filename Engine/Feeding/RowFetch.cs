using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Engine.Data;

namespace Engine.Feeding;

/// <summary>
/// Fetches the examples of the next batch into the second-level cache while the current batch is computed: they lie at random places of
/// memory, and waiting for them would cost a fifth of an epoch of a small network. A few lines at a time, since a core keeps only a few
/// dozen under way.
/// </summary>
public sealed unsafe class RowFetch
{
    private const int Line = 64;
    private Samples? samples;
    private int[] order = [];
    private int next, end, line, linesPerExample, size;
    private long lines, portions, credit;

    /// <summary>
    /// Names the examples order[start … start + count), to be fetched evenly over <paramref name="portions"/> portions of the batch's work.
    /// </summary>
    public void Plan(Samples samples, int[] order, int start, int count, int portions)
    {
        this.samples = samples;
        this.order = order;
        this.portions = portions;
        size = samples.Bytes is null ? samples.Features * sizeof(float) : samples.Features;
        // An example seldom starts with a line, so it reaches into one more.
        linesPerExample = (size + 2 * Line - 2) / Line;
        next = Math.Min(start, order.Length);
        end = Math.Min(start + count, order.Length);
        lines = (long)(end - next) * linesPerExample;
        (line, credit) = (0, 0);
    }

    /// <summary>Fetches what is due after <paramref name="done"/> more portions of the work.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fetch(nint done)
    {
        if (!Sse.IsSupported || samples is null)
            return;
        for (credit += done * lines; credit >= portions && next < end; credit -= portions)
        {
            // A hint may carry a stale address, so nothing needs to be pinned.
            ref var start = ref samples.Bytes is { } bytes
                ? ref MemoryMarshal.GetArrayDataReference(bytes)
                : ref Unsafe.As<float, byte>(ref MemoryMarshal.GetArrayDataReference(samples.Floats!));
            Sse.Prefetch1((byte*)Unsafe.AsPointer(ref start) + (long)order[next] * size + line * Line);
            if (++line == linesPerExample)
                (line, next) = (0, next + 1);
        }
    }
}
