using Microsoft.Extensions.Logging;
using Sweeps.Core;
using Sweeps.Runs;

namespace Sweeps.Nodes;

/// <summary>
/// A node's connection to the coordinator of one sweep. It sends requests for work, one at a time, and heartbeats, also while a request is open, and
/// holds the runs of the sweep. Only the node's loop uses <see cref="Request"/>, <see cref="Refresh"/> and <see cref="Usage"/>. Answers arrive on
/// any thread, so a lock guards the other state.
/// </summary>
internal sealed partial class SweepLink(
    string node, ActiveSweep sweep, SlotUsage usage, SlotPool slots, ISweepDirectory directory, NodeOptions options, TimeProvider time,
    ILogger logger, Action wake)
{
    private readonly Lock gate = new();
    private readonly List<ILaunchedRun> runs = [];
    private ActiveSweep sweep = sweep;
    private long sentAt, noWorkAt;
    private int offered, open;
    private bool requesting, sent, hadNoWork, retired;

    /// <summary>The sweep's id.</summary>
    public string Sweep => sweep.Coordinator.Sweep;

    /// <summary>The sweep's use of this node's slots.</summary>
    public SlotUsage Usage => usage;

    /// <summary>
    /// Whether to offer slots: the directory lists the sweep, no request is open, and the last request got work or is one heartbeat interval ago.
    /// </summary>
    public bool MayHaveWork
    {
        get
        {
            lock (gate)
                return !requesting && !retired && !(hadNoWork && time.GetElapsedTime(noWorkAt) < options.Heartbeat);
        }
    }

    /// <summary>Whether runs have not completed or requests are open.</summary>
    public bool Busy
    {
        get
        {
            lock (gate)
                return open > 0 || runs.Count > 0;
        }
    }

    /// <summary>The number of runs that use slots.</summary>
    public int Running
    {
        get
        {
            lock (gate)
                return runs.Count;
        }
    }

    /// <summary>Replaces the description of the sweep.</summary>
    public void Refresh(ActiveSweep described)
    {
        lock (gate)
            (sweep, retired) = (described, false);
        usage.Share = described.Share;
        CountSlots();
    }

    /// <summary>Requests no more work, because the directory does not list the sweep. Running runs continue.</summary>
    public void Retire()
    {
        lock (gate)
            retired = true;
        CountSlots();
    }

    /// <summary>
    /// Sends a request for work with up to <paramref name="free"/> slots, or only a heartbeat if one is due. Does not block. Heartbeats do not wait for
    /// an open request: if the coordinator that received it has died, the leases of the runs would expire at its successor. Runs that are started are
    /// given back when <paramref name="drain"/> is cancelled.
    /// </summary>
    public void Request(int free, CancellationToken drain)
    {
        var permits = new List<SlotPermit>();
        while (permits.Count < free && slots.TryReserve(sweep.Needs, out var permit))
            permits.Add(permit);
        bool offers;
        lock (gate)
        {
            offers = !requesting && permits.Count > 0;
            if (!offers)
                permits.ForEach(permit => permit.Dispose());
            var due = runs.Count > 0 && (!sent || time.GetElapsedTime(sentAt) >= options.Heartbeat);
            if (!offers && !due)
                return;
            (sent, sentAt) = (true, time.GetTimestamp());
            open++;
            if (offers)
                (requesting, offered) = (true, permits.Count);
        }
        CountSlots();
        _ = Task.Run(() => SendAsync(offers ? permits : [], offers, drain), CancellationToken.None);
    }

    private async Task SendAsync(List<SlotPermit> permits, bool offers, CancellationToken drain)
    {
        try
        {
            using var timeout = new CancellationTokenSource(options.RequestTimeout, time);
            var reply = await sweep.Coordinator.SendAsync(new RequestWork(node, permits.Count, Leases()), timeout.Token);
            Start(reply, permits, drain);
            if (reply.Done)
                directory.Ended(Sweep);
        }
        catch (Exception e)
        {
            CoordinatorUnreachable(logger, Sweep, e);
            lock (gate)
                (hadNoWork, noWorkAt) = (true, time.GetTimestamp());
        }
        lock (gate)
        {
            open--;
            if (offers)
                (requesting, offered) = (false, 0);
        }
        permits.ForEach(permit => permit.Dispose());
        wake();
    }

    private void Start(WorkReply reply, List<SlotPermit> permits, CancellationToken drain)
    {
        List<ILaunchedRun> unwanted;
        lock (gate)
        {
            unwanted = runs.FindAll(run => reply.Abandon.Any(
                lease => run.Lease.Run == lease.Run && run.Lease.Generation == lease.Generation && run.Lease.Test == lease.Test));
            // A coordinator may assign fewer runs than it has, to answer soon. So only a request that got no run delays the next one.
            if (reply.Assignments.Count == 0)
                (hadNoWork, noWorkAt) = (true, time.GetTimestamp());
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
            DriverFailed(logger, Sweep, run.Lease.Run, e);
        }
        lock (gate)
        {
            runs.Remove(run);
            // If the run could not be started, delay the next request: the coordinator would assign the run to this node again at once.
            (hadNoWork, noWorkAt) = (!started, time.GetTimestamp());
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
            usage.Slots = runs.Count + offered;
    }

    [LoggerMessage(301, LogLevel.Warning, "Sweep {Sweep}: its coordinator cannot be reached; trying again.")]
    private static partial void CoordinatorUnreachable(ILogger logger, string sweep, Exception error);

    [LoggerMessage(302, LogLevel.Error, "Sweep {Sweep}: run {Run} ended with an error that its driver should have reported.")]
    private static partial void DriverFailed(ILogger logger, string sweep, int run, Exception error);
}
