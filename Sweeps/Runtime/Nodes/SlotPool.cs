using System.Diagnostics.CodeAnalysis;

namespace Sweeps.Nodes;

/// <summary>
/// The slots of a node. Three verbs: reserve a slot before asking for work, run on it, release it. One dedicated background thread per slot,
/// below normal priority, so that training never starves the pool on which messages, timers and heartbeats live.
/// </summary>
public sealed class SlotPool : IDisposable
{
    private readonly Lock gate = new();
    private readonly Stack<Slot> free = new();
    private readonly Slot[] slots;

    /// <summary>Starts the threads. Throws when <paramref name="count"/> is below 1.</summary>
    public SlotPool(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        slots = [.. Enumerable.Range(0, count).Select(number => new Slot(number))];
        foreach (var slot in slots.Reverse())
            free.Push(slot);
    }

    /// <summary>Raised after a slot was released, on the thread that released it: ask for work at once. Must not block.</summary>
    public event Action? Freed;

    /// <summary>Slots in all.</summary>
    public int Count => slots.Length;

    /// <summary>Slots that are not reserved.</summary>
    public int Free
    {
        get
        {
            lock (gate)
                return free.Count;
        }
    }

    /// <summary>The cores of this machine: one thread of training each when nothing else runs here.</summary>
    public static int AllCores => Environment.ProcessorCount;

    /// <summary>One core is left to messages and the database: what a cluster node takes.</summary>
    public static int AllCoresButOne => Math.Max(1, Environment.ProcessorCount - 1);

    /// <summary>Reserves a slot when there is a free one. Never blocks; from any thread. The permit must be disposed.</summary>
    public bool TryReserve([NotNullWhen(true)] out SlotPermit? permit)
    {
        lock (gate)
            permit = free.TryPop(out var slot) ? new SlotPermit(this, slot) : null;
        return permit is not null;
    }

    /// <summary>Ends the threads when what they run has returned. Cancel that first.</summary>
    public void Dispose()
    {
        foreach (var slot in slots)
            slot.Dispose();
    }

    internal void Release(Slot slot)
    {
        lock (gate)
            free.Push(slot);
        Freed?.Invoke();
    }
}
