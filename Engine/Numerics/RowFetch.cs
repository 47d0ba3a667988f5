using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Engine.Numerics;

/// <summary>
/// Fetches the examples of the next batch into the second-level cache while the current batch is computed: they lie at random places of
/// memory, and waiting for them would cost a fifth of an epoch of a small network. A few lines at a time, since a core keeps only a few
/// dozen under way.
/// </summary>
public sealed unsafe class RowFetch
{
    private const int Line = 64;
    private Array? values;
    private int[] order = [];
    private int next, end, line, linesPerExample, size;
    private long lines, portions, credit;

    /// <summary>
    /// Names the examples order[start … start + count), to be fetched evenly over <paramref name="portions"/> portions of the batch's work.
    /// </summary>
    /// <param name="values">An array of numbers that holds the examples one after the other.</param>
    /// <param name="exampleBytes">The length of one example.</param>
    /// <param name="order">Indices of examples.</param>
    /// <param name="start">The first index to fetch.</param>
    /// <param name="count">How many; those beyond the end of <paramref name="order"/> are left out.</param>
    /// <param name="portions">Into how many portions the batch's work is divided.</param>
    public void Plan(Array values, int exampleBytes, int[] order, int start, int count, int portions)
    {
        this.values = values;
        this.order = order;
        this.portions = portions;
        size = exampleBytes;
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
        if (!Sse.IsSupported || values is null)
            return;
        for (credit += done * lines; credit >= portions && next < end; credit -= portions)
        {
            // A hint may carry a stale address, so nothing needs to be pinned.
            Sse.Prefetch1((byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(values)) + (long)order[next] * size + line * Line);
            if (++line == linesPerExample)
                (line, next) = (0, next + 1);
        }
    }
}
