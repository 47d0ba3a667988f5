using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Sweeps.Telemetry;

namespace Sweeps.Nodes;

/// <summary>
/// A node: it offers its free slots to the sweeps, launches what it is assigned, and tells every coordinator at least once per heartbeat
/// what it is running. One loop; conversations with different coordinators do not wait for each other.
/// </summary>
public sealed class NodeWorker(
    string node, SlotPool slots, ISweepDirectory directory, NodeOptions options, TimeProvider time, SweepMetrics metrics, ILogger logger,
    NodeDrain? drain = null)
{
    private readonly NodeDrain drain = drain ?? new NodeDrain();
    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Dictionary<string, SweepLink> links = [];
    private Task<IReadOnlyList<ActiveSweep>>? looking;
    private long roundAt;

    /// <summary>The node's name in assignments and events.</summary>
    public string Node => node;

    /// <summary>Asks for work at once: there may be a new sweep. From any thread.</summary>
    public void Wake() => wake.Writer.TryWrite(true);

    /// <summary>
    /// Works until <paramref name="stop"/>; then drains and returns when every run has written its checkpoint and been given back. While it
    /// drains without having to stop it says so to the directory and waits for the drain to be taken back.
    /// </summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var disk = new DriveInfo(Path.GetTempPath());
        using var shown = metrics.ShowNode(
            node, () => new NodeGauges(slots.Count, slots.Count - slots.Free, drain.On, disk.AvailableFreeSpace, disk.TotalSize));
        drain.Changed += Wake;
        slots.Freed += Wake;
        // At once, not in the next round: what trains ends within the batch in which the process is interrupted.
        using var onStop = stop.Register(drain.Request);
        try
        {
            roundAt = time.GetTimestamp();
            while (true)
            {
                // A person may have taken the drain back since; a process that has to stop drains all the same.
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
            link.Use.Elapse(elapsed);
        try
        {
            await RefreshAsync(stop);
        }
        catch (Exception e)
        {
            if (!stop.IsCancellationRequested)
                logger.DirectoryUnreachable(e);
        }
        var until = drain.Token;
        var ready = links.Values.Where(link => link.MayHaveWork).OrderBy(link => link.Sweep, StringComparer.Ordinal).ToList();
        var offers = SlotShares.Deal(ready.ConvertAll(link => link.Use), until.IsCancellationRequested ? 0 : slots.Free);
        foreach (var link in links.Values)
            link.Ask(ready.IndexOf(link) is >= 0 and var i ? offers[i] : 0, until);
    }

    private async Task RefreshAsync(CancellationToken stop)
    {
        if (await LookAsync(stop) is not { } active)
            return;
        var least = links.Values.Select(link => link.Use.Used).DefaultIfEmpty(0).Min();
        foreach (var sweep in active)
        {
            if (!links.TryGetValue(sweep.Coordinator.Sweep, out var link))
                links[sweep.Coordinator.Sweep] = link = new SweepLink(
                    node, sweep, new SlotUse(sweep.Share, least), slots, directory, options, time, logger, Wake);
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
    /// The active sweeps, or null while the directory takes its time: what is running must be told to the coordinators all the same, and a node
    /// that has to stop does not wait.
    /// </summary>
    private async Task<IReadOnlyList<ActiveSweep>?> LookAsync(CancellationToken stop)
    {
        looking ??= AskDirectoryAsync();
        if (!looking.IsCompleted && !stop.IsCancellationRequested)
            await Task.WhenAny(looking, Task.Delay(options.Heartbeat / 2, time, stop));
        if (!looking.IsCompleted)
            return null;
        var answered = looking;
        looking = null;
        return await answered;
    }

    private async Task<IReadOnlyList<ActiveSweep>> AskDirectoryAsync()
    {
        using var patience = new CancellationTokenSource(options.Patience, time);
        return await directory.ActiveAsync(links.Values.ToDictionary(link => link.Sweep, link => link.Running), patience.Token);
    }

    /// <summary>Until something happens that may change what can be done, at most a heartbeat.</summary>
    private async Task WaitAsync()
    {
        using var limit = new CancellationTokenSource(options.Heartbeat, time);
        try
        {
            await wake.Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // A heartbeat has passed.
        }
    }
}
