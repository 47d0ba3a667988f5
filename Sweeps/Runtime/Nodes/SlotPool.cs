using System.Diagnostics.CodeAnalysis;
using Engine.Numerics;
using Sweeps.Programs;

namespace Sweeps.Nodes;

/// <summary>
/// The slots of a node. A slot is reserved before work is requested, used by one run, and released. Each slot has a background thread with a
/// priority below normal, so that training does not starve the thread pool, which serves messages, timers and heartbeats. A slot without work helps
/// the runs of other slots (<see cref="SlotLending"/>).
/// </summary>
public sealed class SlotPool : IDisposable
{
    private readonly Lock gate = new();
    private readonly Stack<Slot> free = new();
    private readonly Slot[] slots;

    /// <summary>Starts the threads. Throws when <paramref name="count"/> is below 1.</summary>
    /// <param name="count">The number of slots.</param>
    /// <param name="patience">How long a slot is idle before it helps; by default so long that a slot between two runs seldom does.</param>
    /// <param name="processors">How many slots may compute at a time; as many as the machine has processors by default.</param>
    /// <param name="resources">What the node deals to runs that ask for it; null when no run does.</param>
    public SlotPool(int count, TimeSpan? patience = null, int? processors = null, NodeResources? resources = null)
    {
        Resources = resources;
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Lending = new SlotLending(processors ?? Environment.ProcessorCount, () => Array.ForEach(slots!, slot => slot.LookAgain()));
        slots = [.. Enumerable.Range(0, count).Select(number => new Slot(number, Lending, patience ?? TimeSpan.FromMilliseconds(100)))];
        Array.ForEach(slots, slot => slot.Start());
        foreach (var slot in slots.Reverse())
            free.Push(slot);
    }

    /// <summary>Raised after a slot was released, on the releasing thread. Handlers must not block.</summary>
    public event Action? Freed;

    public int Count => slots.Length;

    /// <summary>What the node deals to runs that ask for it, or null.</summary>
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

    /// <summary>One slot per core: for a machine that only trains.</summary>
    public static int AllCores => Environment.ProcessorCount;

    /// <summary>One slot per core but one, which is left to messages and the database: the default of a cluster node.</summary>
    public static int AllCoresButOne => Math.Max(1, Environment.ProcessorCount - 1);

    /// <summary>Reserves a slot if one is free. Does not block; thread-safe. The permit must be disposed.</summary>
    public bool TryReserve([NotNullWhen(true)] out SlotPermit? permit) => TryReserve(new ResourceRequest(), out permit);

    /// <summary>Reserves a slot and what a run needs beside it, if both are free. Does not block; thread-safe. The permit must be disposed.</summary>
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

    /// <summary>Ends each thread after its current work. Cancel the work first.</summary>
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

    /// <summary>The ids of the GPUs that belong to the slot; empty when its run asked for none.</summary>
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

    /// <summary>Lets idle slots help to compute the batches of this team until the slot is released or shares another; null for none.</summary>
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
/// The thread of one slot. It waits with <see cref="Monitor"/>, which does not spin: with hundreds of slots, blocking collections that spin
/// before they wait would use up the cores.
/// </summary>
internal sealed class Slot(int number, SlotLending lending, TimeSpan patience) : IDisposable
{
    private readonly Queue<Action> work = [];
    private Team? helped;
    private volatile bool occupied, closed, wanted;

    public int Number => number;

    public void Start() => new Thread(Run) { IsBackground = true, Name = $"slot {number}", Priority = ThreadPriority.BelowNormal }.Start();

    /// <summary>A run has begun to use the slot: between two works of it the slot is not idle.</summary>
    public void Begin()
    {
        occupied = true;
        lending.Begin();
    }

    /// <summary>No run uses the slot any more.</summary>
    public void End()
    {
        occupied = false;
        lending.End();
    }

    /// <summary>Lets an idle slot look whether it can help. Thread-safe.</summary>
    public void LookAgain()
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
            Want();
        }
        return completion.Task;
    }

    /// <summary>Ends the thread after the queued work.</summary>
    public void Dispose()
    {
        lock (work)
        {
            closed = true;
            Want();
        }
    }

    private void Want()
    {
        wanted = true;
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
                lending.Help(() => wanted, Joins);
        }
        while (!closed || wanted);
    }

    /// <summary>The next work; null after a while without, when the slot could help, and when the slot is closed.</summary>
    private Action? Take()
    {
        lock (work)
        {
            helped = null;
            while (work.Count == 0 && !closed)
                if (!Monitor.Wait(work, !occupied && lending.HasRoom ? patience : Timeout.InfiniteTimeSpan))
                    return null;
            work.TryDequeue(out var action);
            wanted = work.Count > 0;
            return action;
        }
    }

    private bool Joins(Team team)
    {
        lock (work)
        {
            helped = wanted || occupied ? null : team;
            return helped is not null;
        }
    }
}
