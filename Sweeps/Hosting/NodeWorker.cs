using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Sweeps.Telemetry;

namespace Sweeps.Hosting;

/// <summary>
/// A node: it offers its free slots to the sweeps, launches what it is assigned, and tells every coordinator at least once per heartbeat
/// what it is running. One loop; conversations with different coordinators do not wait for each other.
/// </summary>
public sealed class NodeWorker(
    string node, SlotPool slots, ISweepDirectory directory, NodeOptions options, TimeProvider time, SweepMetrics metrics, ILogger logger)
{
    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Dictionary<string, SweepLink> links = [];
    private volatile bool draining;
    private Task<IReadOnlyList<ActiveSweep>>? looking;
    private long roundAt;

    /// <summary>The node's name in assignments and events.</summary>
    public string Node => node;

    /// <summary>Asks for work at once: there may be a new sweep. From any thread.</summary>
    public void Wake() => wake.Writer.TryWrite(true);

    /// <summary>
    /// Works until <paramref name="drain"/>; then asks for nothing more, lets every run write its checkpoint and be given back, and returns.
    /// </summary>
    public async Task RunAsync(CancellationToken drain)
    {
        var disk = new DriveInfo(Path.GetTempPath());
        using var shown = metrics.ShowNode(
            node, () => new NodeGauges(slots.Count, slots.Count - slots.Free, draining, disk.AvailableFreeSpace, disk.TotalSize));
        using var onDrain = drain.Register(Wake);
        slots.Freed += Wake;
        try
        {
            roundAt = time.GetTimestamp();
            while (!drain.IsCancellationRequested)
            {
                await RoundAsync(drain);
                await WaitAsync();
            }
            draining = true;
            while (links.Values.Any(link => link.Busy))
            {
                foreach (var link in links.Values)
                    link.Ask(0);
                await WaitAsync();
            }
        }
        finally
        {
            slots.Freed -= Wake;
        }
    }

    private async Task RoundAsync(CancellationToken drain)
    {
        var elapsed = time.GetElapsedTime(roundAt);
        roundAt = time.GetTimestamp();
        foreach (var link in links.Values)
            link.Use.Elapse(elapsed);
        try
        {
            await RefreshAsync(drain);
        }
        catch (Exception) when (drain.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            logger.DirectoryUnreachable(e);
        }
        var ready = links.Values.Where(link => link.MayHaveWork).OrderBy(link => link.Sweep, StringComparer.Ordinal).ToList();
        var offers = SlotShares.Deal(ready.ConvertAll(link => link.Use), slots.Free);
        foreach (var link in links.Values)
            link.Ask(ready.IndexOf(link) is >= 0 and var i ? offers[i] : 0);
    }

    private async Task RefreshAsync(CancellationToken drain)
    {
        if (await LookAsync(drain) is not { } active)
            return;
        var least = links.Values.Select(link => link.Use.Used).DefaultIfEmpty(0).Min();
        foreach (var sweep in active)
        {
            if (!links.TryGetValue(sweep.Coordinator.Sweep, out var link))
                links[sweep.Coordinator.Sweep] = link = new SweepLink(
                    node, sweep, new SlotUse(sweep.Share, least), slots, directory, options, time, logger, Wake, drain);
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
    /// The active sweeps, or null while the directory takes its time: what is running must be told to the coordinators all the same.
    /// </summary>
    private async Task<IReadOnlyList<ActiveSweep>?> LookAsync(CancellationToken drain)
    {
        looking ??= AskDirectoryAsync(drain);
        if (!looking.IsCompleted)
            await Task.WhenAny(looking, Task.Delay(options.Heartbeat / 2, time, drain));
        if (!looking.IsCompleted)
            return null;
        var answered = looking;
        looking = null;
        return await answered;
    }

    private async Task<IReadOnlyList<ActiveSweep>> AskDirectoryAsync(CancellationToken drain)
    {
        using var patience = new CancellationTokenSource(options.Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(drain, patience.Token);
        return await directory.ActiveAsync(either.Token);
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
