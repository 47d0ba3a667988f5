using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Engine.Numerics;

/// <summary>
/// The threads that compute the batches of one run: the one that trains, and helpers that join and leave between batches. A batch is
/// divided so that every sum keeps its terms and their order: the bits do not depend on the number of helpers.
/// </summary>
/// <remarks>
/// Within a batch, threads wait for each other by spinning, because barriers are only microseconds apart. A helper without a batch spins
/// briefly, then blocks.
/// </remarks>
public sealed class Team
{
    private const int SpinsBeforeYield = 2000, SpinsBeforePark = 4000;

    private readonly object parking = new();
    private readonly Worker[] workers;
    private readonly Seat[] seats;
    private BarrierState barrier;
    private Action<Worker>? work;
    private ExceptionDispatchInfo? failure;
    private int helpers, parked, computing;
    private readonly HelpTrial trial;
    private volatile bool closed;
    private bool usesHelpers = true;

    /// <summary>
    /// A team of at most <paramref name="most"/> threads, including the one that trains. More threads than processors are slower than one
    /// thread.
    /// </summary>
    /// <param name="most">The largest number of threads, ≥ 1.</param>
    /// <param name="time">The clock that measures whether helpers make batches faster; the system's when null.</param>
    public Team(int most, TimeProvider? time = null)
    {
        trial = new HelpTrial(time ?? TimeProvider.System);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        workers = [.. Enumerable.Range(0, most).Select(index => new Worker(index, 1, this))];
        seats = [.. workers.Skip(1).Select(_ => new Seat())];
    }

    private enum SeatState
    {
        /// <summary>The seat has no helper.</summary>
        Empty,

        /// <summary>The helper waits for a batch and may leave.</summary>
        Waiting,

        /// <summary>The helper computes a share of the current batch and must not leave.</summary>
        Computing,
    }

    /// <summary>The number of current helpers. Thread-safe.</summary>
    public int Helpers => Volatile.Read(ref helpers);

    /// <summary>Whether another helper can join. Thread-safe.</summary>
    public bool HasRoom => !closed && Helpers < seats.Length;

    /// <summary>
    /// Computes shares of batches on the calling thread until <paramref name="isWanted"/> returns true (the thread is wanted elsewhere) or
    /// the team is closed; returns at the end of the current batch at the latest. Returns false immediately when the team has no room.
    /// </summary>
    /// <param name="isWanted">
    /// Called often, so it must be fast. Call <see cref="Recall"/> when its result changes, to wake blocked helpers.
    /// </param>
    public bool Help(Func<bool> isWanted)
    {
        if (Join() is not { } seat)
            return false;
        using var flush = DenormalFlush.OnThisThread();
        for (var spins = 0; ;)
        {
            if (seat.HasBatch)
            {
                seat.Computed++;
                Compute(seat.Worker!);
                Interlocked.Decrement(ref computing);
                spins = 0;
            }
            else if ((isWanted() || closed) && seat.TryMove(SeatState.Waiting, SeatState.Empty))
            {
                Interlocked.Decrement(ref helpers);
                return true;
            }
            else if (spins++ < SpinsBeforePark)
                Pause();
            else
                Park(seat, isWanted);
        }
    }

    /// <summary>Wakes blocked helpers, so that they check whether to leave. Thread-safe.</summary>
    public void Recall()
    {
        lock (parking)
            Monitor.PulseAll(parking);
    }

    /// <summary>Makes all helpers leave. No batch may be run afterwards with helpers.</summary>
    public void Close()
    {
        closed = true;
        Recall();
    }

    /// <summary>Whether to use helpers even when they make batches slower; for tests.</summary>
    internal bool AlwaysUsesHelpers { get; set; }

    /// <summary>
    /// Like <see cref="Run"/>, for one of a series of equal batches; the team measures on these whether helpers make them faster.
    /// </summary>
    internal void RunBatch(Action<Worker> share)
    {
        usesHelpers = trial.Begin(Helpers) || AlwaysUsesHelpers;
        Run(share);
        trial.End();
    }

    /// <summary>
    /// Runs <paramref name="share"/> on this thread and on every waiting helper, and returns when all have finished. Rethrows the first
    /// exception of any of them. Must be called only by the thread that trains.
    /// </summary>
    internal void Run(Action<Worker> share)
    {
        var count = 1;
        for (var i = 0; i < seats.Length && usesHelpers && Helpers > 0; i++)
            if (seats[i].TryMove(SeatState.Waiting, SeatState.Computing))
                seats[i].Worker = workers[count++];
        for (var i = 0; i < count; i++)
            workers[i].Count = count;
        if (count == 1)
        {
            share(workers[0]);
            return;
        }
        (work, failure, computing, barrier.Arrived) = (share, null, count - 1, 0);
        foreach (var seat in seats)
            if (seat.State == SeatState.Computing)
                Interlocked.Increment(ref seat.Round);
        if (Volatile.Read(ref parked) > 0)
            Recall();
        Compute(workers[0]);
        for (var spins = 0; Volatile.Read(ref computing) > 0;)
            Spin(ref spins);
        foreach (var seat in seats)
            seat.TryMove(SeatState.Computing, SeatState.Waiting);
        failure?.Throw();
    }

    /// <summary>A barrier: returns when all <paramref name="count"/> workers of the batch have called it.</summary>
    internal void SignalAndWait(int count)
    {
        var phase = Volatile.Read(ref barrier.Phase);
        if (Interlocked.Increment(ref barrier.Arrived) == count)
        {
            barrier.Arrived = 0;
            Volatile.Write(ref barrier.Phase, phase + 1);
            return;
        }
        for (var spins = 0; Volatile.Read(ref barrier.Phase) == phase;)
        {
            if (Volatile.Read(ref failure) is not null)
                throw new InvalidOperationException("Another thread of the batch has failed.");
            Spin(ref spins);
        }
    }

    private Seat? Join()
    {
        foreach (var seat in seats)
        {
            if (closed || !seat.TryMove(SeatState.Empty, SeatState.Waiting))
                continue;
            Interlocked.Increment(ref helpers);
            return seat;
        }
        return null;
    }

    private void Compute(Worker worker)
    {
        try
        {
            work!(worker);
        }
        catch (Exception e)
        {
            // Keeps the first failure; the others are consequences of it.
            Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
        }
    }

    private void Park(Seat seat, Func<bool> isWanted)
    {
        lock (parking)
        {
            // Must precede the read of the round in HasBatch: Run increments the round before it reads the number of blocked helpers, so
            // one of the two sees the other and no wake-up is lost.
            Interlocked.Increment(ref parked);
            while (!seat.HasBatch && !isWanted() && !closed)
                Monitor.Wait(parking);
            Interlocked.Decrement(ref parked);
        }
    }

    /// <summary>Spins, then yields the processor, so that on a busy machine the awaited thread is scheduled.</summary>
    private static void Spin(ref int spins)
    {
        if (spins++ < SpinsBeforeYield)
            Pause();
        else
            Thread.Yield();
    }

    private static void Pause()
    {
        if (X86Base.IsSupported)
            X86Base.Pause();
        else
            Thread.SpinWait(1);
    }

    /// <summary>The state of the barrier of a batch. The two numbers are in separate cache lines to avoid false sharing.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 192)]
    private struct BarrierState
    {
        [FieldOffset(64)]
        public int Arrived;

        [FieldOffset(128)]
        public int Phase;
    }

    /// <summary>A slot of the team for one helper.</summary>
    private sealed class Seat
    {
        /// <summary>The number of batches that were given to a helper in this seat.</summary>
        public int Round;

        private int state;

        /// <summary>
        /// The number of batches that a helper in this seat has started. Stored in the seat, not read from <see cref="Round"/> when a
        /// helper joins: a batch that starts in between would be missed and would wait forever.
        /// </summary>
        public int Computed { get; set; }

        /// <summary>Whether a batch waits for this helper.</summary>
        public bool HasBatch => Volatile.Read(ref Round) != Computed;

        public SeatState State => (SeatState)Volatile.Read(ref state);

        public Worker? Worker { get; set; }

        public bool TryMove(SeatState from, SeatState to) => Interlocked.CompareExchange(ref state, (int)to, (int)from) == (int)from;
    }
}
