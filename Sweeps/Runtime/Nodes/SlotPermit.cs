namespace Sweeps.Nodes;

/// <summary>The right to use one slot, until it is disposed. Owned by one run at a time.</summary>
public sealed class SlotPermit : IDisposable
{
    private readonly SlotPool pool;
    private readonly Slot slot;
    private int released;

    internal SlotPermit(SlotPool pool, Slot slot)
    {
        this.pool = pool;
        this.slot = slot;
    }

    /// <summary>The slot's number, from 0.</summary>
    public int Number => slot.Number;

    /// <summary>
    /// Runs <paramref name="work"/> on the slot's thread. Returns at once; one piece of work at a time. What it throws comes out of the
    /// task, whose continuations never run on the slot's thread.
    /// </summary>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref released) != 0, this);
        return slot.RunAsync(work);
    }

    /// <summary>Gives the slot back; once, from any thread. Nothing may be running on it.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref released, 1) == 0)
            pool.Release(slot);
    }
}
