using System.Diagnostics.CodeAnalysis;
using Engine.Numerics;
using Sweeps.Programs;

namespace Sweeps.Nodes;

/// <summary>
/// The slots of a node. A slot is reserved before work is requested, used by one run, and released. Each slot has a background thread with a
/// priority below normal, so that training does not starve the thread pool, which serves messages, timers and heartbeats. An idle slot helps the
/// runs of other slots (<see cref="SlotLending"/>).
/// </summary>
public sealed class SlotPool : IDisposable
{
    private readonly Lock gate = new();
    private readonly Stack<Slot> free = new();
    private readonly Slot[] slots;

    /// <summary>Starts the threads.</summary>
    /// <param name="count">The number of slots, at least 1.</param>
    /// <param name="patience">How long a slot is idle before it helps. Default: 100 ms, so that a slot between two runs seldom helps.</param>
    /// <param name="processors">The maximum number of slots that work or help at a time. Default: the number of processors.</param>
    /// <param name="resources">The resources of the node for runs that request them; null if no run does.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    public SlotPool(int count, TimeSpan? patience = null, int? processors = null, NodeResources? resources = null)
    {
        Resources = resources;
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Lending = new SlotLending(processors ?? Environment.ProcessorCount, () => Array.ForEach(slots!, slot => slot.CheckHelp()));
        slots = [.. Enumerable.Range(0, count).Select(number => new Slot(number, Lending, patience ?? TimeSpan.FromMilliseconds(100)))];
        Array.ForEach(slots, slot => slot.Start());
        foreach (var slot in slots.Reverse())
            free.Push(slot);
    }

    /// <summary>Raised after a slot was released, on the releasing thread. Handlers must not block.</summary>
    public event Action? Freed;

    public int Count => slots.Length;

    /// <summary>The resources of the node for runs that request them, or null.</summary>
    public NodeResources? Resources { get; }

    /// <summary>The number of slots that are not reserved.</summary>
    public int Free
    {
        get
        {
            lock (gate)
                return free.Count;
        }
    }

    /// <summary>One slot per core, for a machine that only trains.</summary>
    public static int AllCores => Environment.ProcessorCount;

    /// <summary>One slot per core except one, which serves messages and the database: the default of a silo.</summary>
    public static int AllCoresButOne => Math.Max(1, Environment.ProcessorCount - 1);

    /// <summary>Reserves a slot if one is free. Does not block; thread-safe. The permit must be disposed.</summary>
    public bool TryReserve([NotNullWhen(true)] out SlotPermit? permit) => TryReserve(new ResourceRequest(), out permit);

    /// <summary>Reserves a slot and the resources that a run needs, if both are free. Does not block; thread-safe. The permit must be disposed.</summary>
    public bool TryReserve(ResourceRequest need, [NotNullWhen(true)] out SlotPermit? permit)
    {
        permit = null;
        var lease = Resources?.TryTake(need);
        if (Resources is not null && lease is null)
            return false;
        lock (gate)
            permit = free.TryPop(out var slot) ? new SlotPermit(this, slot, lease) : null;
        if (permit is null)
            lease?.Dispose();
        return permit is not null;
    }

    /// <summary>Ends each thread after its queued work. Cancel the work first.</summary>
    public void Dispose()
    {
        foreach (var slot in slots)
            slot.Dispose();
    }

    internal SlotLending Lending { get; }

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
    private readonly ResourceLease? lease;
    private Team? team;
    private int working, released;

    internal SlotPermit(SlotPool pool, Slot slot, ResourceLease? lease)
    {
        this.pool = pool;
        this.slot = slot;
        this.lease = lease;
    }

    /// <summary>The ids of the GPUs that are allocated to the run; empty if it requested none.</summary>
    public IReadOnlyList<string> Devices => lease?.Devices ?? [];

    /// <summary>The slot's number, from 0.</summary>
    public int Number => slot.Number;

    /// <summary>
    /// Queues <paramref name="work"/> to the slot's thread. The task fails with the exception of <paramref name="work"/>; its continuations
    /// never run on the slot's thread.
    /// </summary>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref released) != 0, this);
        if (Interlocked.Exchange(ref working, 1) == 0)
            slot.Begin();
        return slot.RunAsync(work);
    }

    /// <summary>Lets idle slots help this team, in place of the one before, until the slot is released; null for no team.</summary>
    public void Share(Team? shared)
    {
        if (Interlocked.Exchange(ref team, shared) is { } before)
            pool.Lending.Remove(before);
        if (shared is not null)
            pool.Lending.Add(shared);
    }

    /// <summary>Releases the slot. No work may be running on it. Thread-safe.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref released, 1) != 0)
            return;
        Share(null);
        if (Volatile.Read(ref working) != 0)
            slot.End();
        lease?.Dispose();
        pool.Release(slot);
    }
}

/// <summary>
/// The thread of one slot. It waits with <see cref="Monitor"/>, which does not spin: with hundreds of slots, a blocking collection that spins
/// before it waits would occupy the cores.
/// </summary>
internal sealed class Slot(int number, SlotLending lending, TimeSpan patience) : IDisposable
{
    private readonly Queue<Action> work = [];
    private Team? helped;
    private volatile bool occupied, closed, hasWork;

    public int Number => number;

    public void Start() => new Thread(Run) { IsBackground = true, Name = $"slot {number}", Priority = ThreadPriority.BelowNormal }.Start();

    /// <summary>Marks the slot as used by a run, so that it does not count as idle between two work items of the run.</summary>
    public void Begin()
    {
        occupied = true;
        lending.Begin();
    }

    /// <summary>Marks the slot as not used by a run.</summary>
    public void End()
    {
        occupied = false;
        lending.End();
    }

    /// <summary>Makes an idle slot check whether it can help. Thread-safe.</summary>
    public void CheckHelp()
    {
        lock (work)
            Monitor.Pulse(work);
    }

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
            Signal();
        }
        return completion.Task;
    }

    /// <summary>Ends the thread after the queued work.</summary>
    public void Dispose()
    {
        lock (work)
        {
            closed = true;
            Signal();
        }
    }

    private void Signal()
    {
        hasWork = true;
        Monitor.Pulse(work);
        helped?.Recall();
    }

    private void Run()
    {
        do
        {
            if (Take() is { } action)
                action();
            else if (!closed)
                lending.Help(() => hasWork, Joins);
        }
        while (!closed || hasWork);
    }

    /// <summary>Waits for the next work item. Returns null if the slot is closed, or if it was idle for the time of patience and may help.</summary>
    private Action? Take()
    {
        lock (work)
        {
            helped = null;
            while (work.Count == 0 && !closed)
                if (!Monitor.Wait(work, !occupied && lending.HasRoom ? patience : Timeout.InfiniteTimeSpan))
                    return null;
            work.TryDequeue(out var action);
            hasWork = work.Count > 0;
            return action;
        }
    }

    private bool Joins(Team team)
    {
        lock (work)
        {
            helped = hasWork || occupied ? null : team;
            return helped is not null;
        }
    }
}
