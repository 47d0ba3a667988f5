using Sweeps.Core;

namespace Sweeps.Nodes;

/// <summary>A sweep's use of a node's slots.</summary>
internal sealed class SlotUsage(SlotShare share, double used)
{
    public SlotShare Share { get; set; } = share;

    /// <summary>The slots that the sweep uses now, including those in open requests.</summary>
    public int Slots { get; set; }

    /// <summary>Slot seconds used on this node, divided by the sweep's weight.</summary>
    public double Used { get; private set; } = used;

    /// <summary>Adds the use of the present slots for <paramref name="time"/>.</summary>
    public void Elapse(TimeSpan time) => Used += Slots * time.TotalSeconds / Share.Weight;
}

/// <summary>
/// Allocates free slots to sweeps by stride scheduling (Waldspurger and Weihl 1995) over slot time: each slot goes to the sweep with the highest
/// priority, then the least weighted use, then the fewest slots per weight, then the first. A sweep at its slot limit gets none.
/// </summary>
internal static class StrideScheduler
{
    /// <summary>Allocates <paramref name="free"/> slots; returns the number of slots per sweep, in the order given.</summary>
    public static int[] Allocate(IReadOnlyList<SlotUsage> sweeps, int free)
    {
        var offers = new int[sweeps.Count];
        while (free > 0)
        {
            var next = -1;
            for (var i = 0; i < sweeps.Count; i++)
                if (!(sweeps[i].Slots + offers[i] >= sweeps[i].Share.MaxSlots) && (next < 0 || Before(i, next)))
                    next = i;
            if (next < 0)
                break;
            offers[next]++;
            free--;
        }
        return offers;

        bool Before(int a, int b) => Key(a).CompareTo(Key(b)) < 0;

        (int, double, double) Key(int i) =>
            (-sweeps[i].Share.Priority, sweeps[i].Used, (sweeps[i].Slots + offers[i] + 1) / sweeps[i].Share.Weight);
    }
}
