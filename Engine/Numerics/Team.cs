using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Engine.Numerics;

/// <summary>
/// The threads that compute the batches of one run: the one that trains, and helpers that come and go between batches. A batch is divided among
/// those present so that every sum keeps its terms and their order: the results are the same bits whoever helped when.
/// </summary>
/// <remarks>
/// Within a batch threads wait for each other by spinning, since they meet every few microseconds. A helper without work spins briefly, then parks.
/// </remarks>
public sealed class Team
{
    private const int SpinsBeforeYield = 2000, SpinsBeforePark = 4000;

    private readonly object parking = new();
    private readonly Worker[] workers;
    private readonly Seat[] seats;
    private Meeting meeting;
    private Action<Worker>? work;
    private ExceptionDispatchInfo? failure;
    private int helpers, parked, computing;
    private readonly HelpTrial trial;
    private volatile bool closed;
    private bool usesHelpers = true;

    /// <summary>A team of at most <paramref name="most"/> threads, the one that trains included. More than there are processors are slower than one.</summary>
    /// <param name="most">At least 1.</param>
    /// <param name="time">Measures whether helpers make batches faster; the system's clock when null.</param>
    public Team(int most, TimeProvider? time = null)
    {
        trial = new HelpTrial(time ?? TimeProvider.System);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        workers = [.. Enumerable.Range(0, most).Select(index => new Worker(index, 1, this))];
        seats = [.. workers.Skip(1).Select(_ => new Seat())];
    }

    private enum Place
    {
        /// <summary>No thread.</summary>
        Empty,

        /// <summary>A helper that waits for a batch and may leave.</summary>
        Waiting,

        /// <summary>A helper that a batch counts on.</summary>
        Computing,
    }

    /// <summary>Threads that help now. Thread-safe.</summary>
    public int Helpers => Volatile.Read(ref helpers);

    /// <summary>Whether one more could help. Thread-safe.</summary>
    public bool HasRoom => !closed && Helpers < seats.Length;

    /// <summary>
    /// Computes shares of batches on the calling thread until <paramref name="isWanted"/> returns true, then leaves at the end of the batch at
    /// most; or until the team is closed. Returns false, at once, when the team has no room.
    /// </summary>
    /// <param name="isWanted">Called often, so it must be fast. Call <see cref="Recall"/> after its answer has changed.</param>
    public bool Help(Func<bool> isWanted)
    {
        if (Sit() is not { } seat)
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
            else if ((isWanted() || closed) && seat.TryMove(Place.Waiting, Place.Empty))
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

    /// <summary>Lets parked helpers ask again whether they are wanted. Thread-safe.</summary>
    public void Recall()
    {
        lock (parking)
            Monitor.PulseAll(parking);
    }

    /// <summary>Lets all helpers leave; there will be no more batches.</summary>
    public void Close()
    {
        closed = true;
        Recall();
    }

    /// <summary>Whether helpers are used also where they make batches slower; for tests.</summary>
    internal bool AlwaysUsesHelpers { get; set; }

    /// <summary>
    /// The same as <see cref="Run"/> for a batch like the one before and the one after, by which the team finds out whether helpers make them faster.
    /// </summary>
    internal void RunBatch(Action<Worker> share)
    {
        usesHelpers = trial.Begin(Helpers) || AlwaysUsesHelpers;
        Run(share);
        trial.End();
    }

    /// <summary>
    /// Runs <paramref name="share"/> on this thread and on every helper that waits, and returns when all are done. Called by the thread that
    /// trains only. An exception of any of them is thrown here.
    /// </summary>
    internal void Run(Action<Worker> share)
    {
        var count = 1;
        for (var i = 0; i < seats.Length && usesHelpers && Helpers > 0; i++)
            if (seats[i].TryMove(Place.Waiting, Place.Computing))
                seats[i].Worker = workers[count++];
        for (var i = 0; i < count; i++)
            workers[i].Count = count;
        if (count == 1)
        {
            share(workers[0]);
            return;
        }
        (work, failure, computing, meeting.Arrived) = (share, null, count - 1, 0);
        foreach (var seat in seats)
            if (seat.Place == Place.Computing)
                Interlocked.Increment(ref seat.Round);
        if (Volatile.Read(ref parked) > 0)
            Recall();
        Compute(workers[0]);
        for (var spins = 0; Volatile.Read(ref computing) > 0;)
            Spin(ref spins);
        foreach (var seat in seats)
            seat.TryMove(Place.Computing, Place.Waiting);
        failure?.Throw();
    }

    /// <summary>Returns when all workers of the batch have called it.</summary>
    internal void Meet(int count)
    {
        var phase = Volatile.Read(ref meeting.Phase);
        if (Interlocked.Increment(ref meeting.Arrived) == count)
        {
            meeting.Arrived = 0;
            Volatile.Write(ref meeting.Phase, phase + 1);
            return;
        }
        for (var spins = 0; Volatile.Read(ref meeting.Phase) == phase;)
        {
            if (Volatile.Read(ref failure) is not null)
                throw new InvalidOperationException("Another thread of the batch has failed.");
            Spin(ref spins);
        }
    }

    private Seat? Sit()
    {
        foreach (var seat in seats)
        {
            if (closed || !seat.TryMove(Place.Empty, Place.Waiting))
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
            // The first failure counts; the others only follow from it.
            Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
        }
    }

    private void Park(Seat seat, Func<bool> isWanted)
    {
        lock (parking)
        {
            // Before the round is read: Run increments the round before it reads the number of parked helpers.
            Interlocked.Increment(ref parked);
            while (!seat.HasBatch && !isWanted() && !closed)
                Monitor.Wait(parking);
            Interlocked.Decrement(ref parked);
        }
    }

    /// <summary>Spins; gives the processor away when that takes long, so that the thread which is waited for gets it on a busy machine.</summary>
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

    /// <summary>Where the workers of a batch meet; the two numbers in cache lines of their own.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 192)]
    private struct Meeting
    {
        [FieldOffset(64)]
        public int Arrived;

        [FieldOffset(128)]
        public int Phase;
    }

    /// <summary>A place for a helper.</summary>
    private sealed class Seat
    {
        /// <summary>Batches that counted on a helper here.</summary>
        public int Round;

        private int place;

        /// <summary>
        /// Batches that a helper here has begun, kept by the seat: a helper that read <see cref="Round"/> after it had sat down could miss the
        /// batch that began in between, which would wait for it without end.
        /// </summary>
        public int Computed { get; set; }

        /// <summary>Whether a batch waits for the helper.</summary>
        public bool HasBatch => Volatile.Read(ref Round) != Computed;

        public Place Place => (Place)Volatile.Read(ref place);

        public Worker? Worker { get; set; }

        public bool TryMove(Place from, Place to) => Interlocked.CompareExchange(ref place, (int)to, (int)from) == (int)from;
    }
}
