using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Engine.Numerics;

/// <summary>
/// Prefetches the examples of the next batch into the second-level cache while the current batch is computed. They are at random addresses,
/// and waiting for them takes a fifth of an epoch of a small network. Fetches a few cache lines at a time, because a core has only a few
/// dozen line-fill buffers.
/// </summary>
public sealed unsafe class RowFetch
{
    private const int Line = 64;
    private Array? values;
    private int[] order = [];
    private int next, end, line, linesPerExample, size;
    private long lines, portions, credit;

    /// <summary>
    /// Plans to fetch the examples order[start … start + count), spread evenly over <paramref name="portions"/> portions of the batch's
    /// work.
    /// </summary>
    /// <param name="values">The array of the features of all examples.</param>
    /// <param name="exampleBytes">The size of one example, in bytes.</param>
    /// <param name="order">Indices of examples.</param>
    /// <param name="start">The first index to fetch.</param>
    /// <param name="count">The number of examples; indices beyond the end of <paramref name="order"/> are ignored.</param>
    /// <param name="portions">The number of portions of the batch's work.</param>
    public void Plan(Array values, int exampleBytes, int[] order, int start, int count, int portions)
    {
        this.values = values;
        this.order = order;
        this.portions = portions;
        size = exampleBytes;
        // Most examples do not start at a cache line and touch one more.
        linesPerExample = (size + 2 * Line - 2) / Line;
        next = Math.Min(start, order.Length);
        end = Math.Min(start + count, order.Length);
        lines = (long)(end - next) * linesPerExample;
        (line, credit) = (0, 0);
    }

    /// <summary>Fetches the lines that are due after <paramref name="done"/> more portions of the work.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fetch(nint done)
    {
        if (!Sse.IsSupported || values is null)
            return;
        for (credit += done * lines; credit >= portions && next < end; credit -= portions)
        {
            // A prefetch of an invalid address is harmless, so the array need not be pinned.
            Sse.Prefetch1((byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(values)) + (long)order[next] * size + line * Line);
            if (++line == linesPerExample)
                (line, next) = (0, next + 1);
        }
    }
}
