using Microsoft.Extensions.Logging;
using Sweeps.Core;
using Sweeps.Runs;

namespace Sweeps.Nodes;

/// <summary>
/// A node's conversation with one coordinator: at most one request for work at a time, a heartbeat also while it waits for the answer, the runs
/// it has launched for it. <see cref="Ask"/> and <see cref="Refresh"/> belong to the node's loop; answers come on any thread, so the rest is
/// behind a lock.
/// </summary>
internal sealed class SweepLink(
    string node, ActiveSweep sweep, SlotUse use, SlotPool slots, ISweepDirectory directory, NodeOptions options, TimeProvider time,
    ILogger logger, Action wake)
{
    private readonly Lock gate = new();
    private readonly List<ILaunchedRun> runs = [];
    private ActiveSweep sweep = sweep;
    private long saidAt, shortAt;
    private int offered, open;
    private bool asking, said, wasShort, retired;

    /// <summary>The sweep's id.</summary>
    public string Sweep => sweep.Coordinator.Sweep;

    /// <summary>What it uses of the node, for sharing. Of the node's loop.</summary>
    public SlotUse Use => use;

    /// <summary>Whether it is worth an offer: no question is open, and it has not just said that there is nothing.</summary>
    public bool MayHaveWork
    {
        get
        {
            lock (gate)
                return !asking && !retired && !(wasShort && time.GetElapsedTime(shortAt) < options.Heartbeat);
        }
    }

    /// <summary>Whether runs or questions are open.</summary>
    public bool Busy
    {
        get
        {
            lock (gate)
                return open > 0 || runs.Count > 0;
        }
    }

    /// <summary>Runs that use slots here.</summary>
    public int Running
    {
        get
        {
            lock (gate)
                return runs.Count;
        }
    }

    /// <summary>Takes a new description of the sweep.</summary>
    public void Refresh(ActiveSweep described)
    {
        lock (gate)
            (sweep, retired) = (described, false);
        use.Share = described.Share;
        CountSlots();
    }

    /// <summary>The sweep has gone from the directory: nothing is asked any more, what runs goes on.</summary>
    public void Retire()
    {
        lock (gate)
            retired = true;
        CountSlots();
    }

    /// <summary>
    /// Offers slots, or just says what is running when a heartbeat is due. Returns at once. An answer that does not come must not keep the
    /// coordinator, which may be another by now, from hearing what is running. What is launched gives its run back at <paramref name="drain"/>.
    /// </summary>
    public void Ask(int free, CancellationToken drain)
    {
        var permits = new List<SlotPermit>();
        while (permits.Count < free && slots.TryReserve(out var permit))
            permits.Add(permit);
        bool offers;
        lock (gate)
        {
            offers = !asking && permits.Count > 0;
            if (!offers)
                permits.ForEach(permit => permit.Dispose());
            var due = runs.Count > 0 && (!said || time.GetElapsedTime(saidAt) >= options.Heartbeat);
            if (!offers && !due)
                return;
            (said, saidAt) = (true, time.GetTimestamp());
            open++;
            if (offers)
                (asking, offered) = (true, permits.Count);
        }
        CountSlots();
        _ = Task.Run(() => SayAsync(offers ? permits : [], offers, drain), CancellationToken.None);
    }

    private async Task SayAsync(List<SlotPermit> permits, bool offers, CancellationToken drain)
    {
        try
        {
            using var patience = new CancellationTokenSource(options.Patience, time);
            var reply = await sweep.Coordinator.SendAsync<WorkReply>(new RequestWork(default, node, permits.Count, Leases()), patience.Token);
            Take(reply, permits, drain);
            if (reply.Done)
                directory.Ended(Sweep);
        }
        catch (Exception e)
        {
            logger.CoordinatorUnreachable(Sweep, e);
            lock (gate)
                (wasShort, shortAt) = (true, time.GetTimestamp());
        }
        lock (gate)
        {
            open--;
            if (offers)
                (asking, offered) = (false, 0);
        }
        permits.ForEach(permit => permit.Dispose());
        wake();
    }

    private void Take(WorkReply reply, List<SlotPermit> permits, CancellationToken drain)
    {
        List<ILaunchedRun> unwanted;
        lock (gate)
        {
            unwanted = runs.FindAll(run => reply.Abandon.Any(
                lease => run.Lease.Run == lease.Run && run.Lease.Generation == lease.Generation && run.Lease.Test == lease.Test));
            // A coordinator may give less than there is, so that its answer comes soon: only who got nothing waits before it asks again.
            if (reply.Assignments.Count == 0)
                (wasShort, shortAt) = (true, time.GetTimestamp());
            foreach (var assignment in reply.Assignments)
            {
                var permit = permits[^1];
                permits.RemoveAt(permits.Count - 1);
                var run = sweep.Launcher.Launch(assignment, permit, drain);
                runs.Add(run);
                _ = CompleteAsync(run, permit);
            }
        }
        unwanted.ForEach(run => run.Abandon());
    }

    private async Task CompleteAsync(ILaunchedRun run, SlotPermit permit)
    {
        var started = true;
        try
        {
            started = await run.Completion != RunOutcome.NotStarted;
        }
        catch (Exception e)
        {
            logger.DriverFailed(Sweep, run.Lease.Run, e);
        }
        lock (gate)
        {
            runs.Remove(run);
            // What cannot be started now must not go round and round between the coordinator and here.
            (wasShort, shortAt) = (!started, time.GetTimestamp());
        }
        permit.Dispose();
    }

    private List<RunLease> Leases()
    {
        lock (gate)
            return runs.ConvertAll(run => run.Lease);
    }

    private void CountSlots()
    {
        lock (gate)
            use.Slots = runs.Count + offered;
    }
}
