using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Sweeps.Telemetry;

namespace Sweeps.Nodes;

/// <summary>
/// The loop of a node: it offers the free slots to the sweeps, starts the assignments, and sends every coordinator a heartbeat with the runs of its
/// sweep on this node. Requests to different coordinators do not wait for each other.
/// </summary>
public sealed partial class NodeWorker(
    string node, SlotPool slots, ISweepDirectory directory, NodeOptions options, TimeProvider time, SweepMetrics metrics, ILogger logger,
    NodeDrain? drain = null)
{
    private readonly NodeDrain drain = drain ?? new NodeDrain();
    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Dictionary<string, SweepLink> links = [];
    private Task<IReadOnlyList<ActiveSweep>>? listing;
    private long roundAt;

    /// <summary>The node's name in assignments and events.</summary>
    public string Node => node;

    /// <summary>Starts the next round at once. Thread-safe.</summary>
    public void Wake() => wake.Writer.TryWrite(true);

    /// <summary>
    /// Works until <paramref name="stop"/> is cancelled, then drains and returns when every run has written its checkpoint and was given back. During a
    /// drain without a stop the loop continues, so that the directory learns of the drain and can withdraw it.
    /// </summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var disk = new DriveInfo(Path.GetTempPath());
        using var shown = metrics.ShowNode(
            node, () => new NodeGauges(slots.Count, slots.Count - slots.Free, drain.On, disk.AvailableFreeSpace, disk.TotalSize));
        drain.Changed += Wake;
        slots.Freed += Wake;
        // Request the drain here and not only in the next round, so that runs stop within their current batch.
        using var onStop = stop.Register(drain.Request);
        try
        {
            roundAt = time.GetTimestamp();
            while (true)
            {
                // Request the drain again, because it may have been withdrawn after the process began to stop.
                if (stop.IsCancellationRequested)
                    drain.Request();
                await RoundAsync(stop);
                if (stop.IsCancellationRequested && drain.On && !links.Values.Any(link => link.Busy))
                    break;
                await WaitAsync();
            }
        }
        finally
        {
            slots.Freed -= Wake;
            drain.Changed -= Wake;
        }
    }

    private async Task RoundAsync(CancellationToken stop)
    {
        var elapsed = time.GetElapsedTime(roundAt);
        roundAt = time.GetTimestamp();
        foreach (var link in links.Values)
            link.Usage.Elapse(elapsed);
        try
        {
            await RefreshAsync(stop);
        }
        catch (Exception e)
        {
            if (!stop.IsCancellationRequested)
                DirectoryUnreachable(logger, e);
        }
        var until = drain.Token;
        var ready = links.Values.Where(link => link.MayHaveWork).OrderBy(link => link.Sweep, StringComparer.Ordinal).ToList();
        var offers = StrideScheduler.Allocate(ready.ConvertAll(link => link.Usage), until.IsCancellationRequested ? 0 : slots.Free);
        foreach (var link in links.Values)
            link.Request(ready.IndexOf(link) is >= 0 and var i ? offers[i] : 0, until);
    }

    private async Task RefreshAsync(CancellationToken stop)
    {
        if (await ListActiveAsync(stop) is not { } active)
            return;
        var least = links.Values.Select(link => link.Usage.Used).DefaultIfEmpty(0).Min();
        foreach (var sweep in active)
        {
            if (!links.TryGetValue(sweep.Coordinator.Sweep, out var link))
                links[sweep.Coordinator.Sweep] = link = new SweepLink(
                    node, sweep, new SlotUsage(sweep.Share, least), slots, directory, options, time, logger, Wake);
            link.Refresh(sweep);
        }
        var names = active.Select(sweep => sweep.Coordinator.Sweep).ToHashSet();
        foreach (var gone in links.Values.Where(link => !names.Contains(link.Sweep)).ToList())
        {
            gone.Retire();
            if (!gone.Busy)
                links.Remove(gone.Sweep);
        }
    }

    /// <summary>
    /// Lists the active sweeps. Returns null if the directory does not answer within half a heartbeat interval, so that a slow directory delays neither
    /// heartbeats nor the end of a node; the next round waits for the same answer.
    /// </summary>
    private async Task<IReadOnlyList<ActiveSweep>?> ListActiveAsync(CancellationToken stop)
    {
        listing ??= AskDirectoryAsync();
        if (!listing.IsCompleted && !stop.IsCancellationRequested)
            await Task.WhenAny(listing, Task.Delay(options.Heartbeat / 2, time, stop));
        if (!listing.IsCompleted)
            return null;
        var answered = listing;
        listing = null;
        return await answered;
    }

    private async Task<IReadOnlyList<ActiveSweep>> AskDirectoryAsync()
    {
        using var timeout = new CancellationTokenSource(options.RequestTimeout, time);
        return await directory.ActiveAsync(links.Values.ToDictionary(link => link.Sweep, link => link.Running), timeout.Token);
    }

    /// <summary>Waits until <see cref="Wake"/> is called, at most for one heartbeat interval.</summary>
    private async Task WaitAsync()
    {
        using var limit = new CancellationTokenSource(options.Heartbeat, time);
        try
        {
            await wake.Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // The heartbeat is due.
        }
    }

    [LoggerMessage(303, LogLevel.Warning, "The active sweeps could not be listed; trying again.")]
    private static partial void DirectoryUnreachable(ILogger logger, Exception error);
}

/// <summary>The intervals of a node's requests.</summary>
public sealed record NodeOptions
{
    /// <summary>
    /// The maximum time between two messages to a coordinator with runs on this node. It must be well below the lease time (4 s), after which runs
    /// without a heartbeat are lost. Default: one second.
    /// </summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long to wait for an answer of a coordinator or the directory. It must be below the lease time: if an answer is lost, its slots are then free
    /// again before the leases of the runs that were assigned to them expire. Default: three seconds.
    /// </summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(3);
}
