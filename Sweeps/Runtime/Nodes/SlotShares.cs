using Sweeps.Core;

namespace Sweeps.Nodes;

/// <summary>How a node's slots are shared among sweeps: what one sweep has used here, and may be offered next.</summary>
internal sealed class SlotUse(SlotShare share, double used)
{
    /// <summary>The sweep's claim.</summary>
    public SlotShare Share { get; set; } = share;

    /// <summary>Slots it has now, those on offer included.</summary>
    public int Slots { get; set; }

    /// <summary>Slot seconds it has used here, divided by its weight.</summary>
    public double Used { get; private set; } = used;

    /// <summary>Lets time pass.</summary>
    public void Elapse(TimeSpan time) => Used += Slots * time.TotalSeconds / Share.Weight;
}

/// <summary>
/// Who gets the next free slot: higher priority first; among equals the one that has used least for its weight (stride scheduling over slot
/// time), then the one with the fewest slots for its weight, then by order. A sweep at its cap is passed over.
/// </summary>
internal static class SlotShares
{
    /// <summary>Deals <paramref name="free"/> slots to the sweeps of the highest priority: how many each is offered, in the order given.</summary>
    public static int[] Deal(IReadOnlyList<SlotUse> sweeps, int free)
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
