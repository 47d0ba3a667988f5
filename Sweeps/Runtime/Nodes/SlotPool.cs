using System.Diagnostics.CodeAnalysis;

namespace Sweeps.Nodes;

/// <summary>
/// The slots of a node. A slot is reserved before work is requested, used by one run, and released. Each slot has a background thread with a
/// priority below normal, so that training does not starve the thread pool, which serves messages, timers and heartbeats.
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

    /// <summary>Raised after a slot was released, on the releasing thread. Handlers must not block.</summary>
    public event Action? Freed;

    public int Count => slots.Length;

    /// <summary>The number of slots that are not reserved.</summary>
    public int Free
    {
        get
        {
            lock (gate)
                return free.Count;
        }
    }

    /// <summary>One slot per core: for a machine that only trains.</summary>
    public static int AllCores => Environment.ProcessorCount;

    /// <summary>One slot per core but one, which is left to messages and the database: the default of a cluster node.</summary>
    public static int AllCoresButOne => Math.Max(1, Environment.ProcessorCount - 1);

    /// <summary>Reserves a slot if one is free. Does not block; thread-safe. The permit must be disposed.</summary>
    public bool TryReserve([NotNullWhen(true)] out SlotPermit? permit)
    {
        lock (gate)
            permit = free.TryPop(out var slot) ? new SlotPermit(this, slot) : null;
        return permit is not null;
    }

    /// <summary>Ends each thread after its current work. Cancel the work first.</summary>
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

/// <summary>A reserved slot, until it is disposed. Owned by one run at a time.</summary>
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
    /// Queues <paramref name="work"/> to the slot's thread. The task fails with the exception of <paramref name="work"/>; its continuations
    /// never run on the slot's thread.
    /// </summary>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref released) != 0, this);
        return slot.RunAsync(work);
    }

    /// <summary>Releases the slot. No work may be running on it. Thread-safe.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref released, 1) == 0)
            pool.Release(slot);
    }
}

/// <summary>
/// The thread of one slot. It waits with <see cref="Monitor"/>, which does not spin: with hundreds of slots, blocking collections that spin
/// before they wait would use up the cores.
/// </summary>
internal sealed class Slot : IDisposable
{
    private readonly Queue<Action> work = [];
    private bool closed;

    public Slot(int number)
    {
        Number = number;
        new Thread(Run) { IsBackground = true, Name = $"slot {number}", Priority = ThreadPriority.BelowNormal }.Start();
    }

    public int Number { get; }

    public Task<T> RunAsync<T>(Func<T> function)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (work)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            work.Enqueue(() =>
            {
                try
                {
                    completion.SetResult(function());
                }
                catch (OperationCanceledException e)
                {
                    completion.SetCanceled(e.CancellationToken);
                }
                catch (Exception e)
                {
                    completion.SetException(e);
                }
            });
            Monitor.Pulse(work);
        }
        return completion.Task;
    }

    /// <summary>Ends the thread after the queued work.</summary>
    public void Dispose()
    {
        lock (work)
        {
            closed = true;
            Monitor.Pulse(work);
        }
    }

    private void Run()
    {
        while (Take() is { } action)
            action();
    }

    private Action? Take()
    {
        lock (work)
        {
            while (work.Count == 0 && !closed)
                Monitor.Wait(work);
            return work.TryDequeue(out var action) ? action : null;
        }
    }
}
