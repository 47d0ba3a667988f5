using Microsoft.Extensions.Logging;
using Sweeps.Core;
using Sweeps.Log.Postgres;

namespace Sweeps.Hosting.Postgres;

/// <summary>
/// One of many nodes around one PostgreSQL, without actors. Once a second it says that it is there, looks for sweeps, takes the lead of those
/// that nobody leads, and reports the runs of silent nodes as lost. A leader holds the coordinator; the others reach it through the mailbox.
/// Leadership saves work and needs no care: should two nodes lead at once, the log lets one append and the other read.
/// </summary>
public sealed class PostgresNode : ISweepDirectory, IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>After a pause in its own announcements a node waits so long before it believes that others are silent.</summary>
    private static readonly TimeSpan Doubt = TimeSpan.FromSeconds(4);

    private readonly PostgresNodeContext context;
    private readonly PostgresLog log;
    private readonly PostgresNodes nodes;
    private readonly PostgresMailbox mailbox;
    private readonly MailboxServer server;
    private readonly PostgresLead lead;
    private readonly CancellationTokenSource closing = new();
    private readonly Task announcing, looking;
    private volatile IReadOnlyList<ActiveSweep> active = Array.Empty<ActiveSweep>();
    private volatile bool draining;
    private Action wakeWorker = () => { };
    private long announcedAt, steadySince;

    /// <summary>Begins to announce itself and to lead.</summary>
    public PostgresNode(PostgresNodeContext context)
    {
        this.context = context;
        log = new PostgresLog(context.Database);
        nodes = new PostgresNodes(context.Database);
        mailbox = new PostgresMailbox(context.Database, Time);
        lead = new PostgresLead(context, nodes);
        server = new MailboxServer(context.Database, () => lead.Coordinators, Time, Logger);
        steadySince = announcedAt = Time.GetTimestamp();
        announcing = Task.Run(() => EverySecondAsync(AnnounceAsync));
        looking = Task.Run(() => EverySecondAsync(LookAsync));
    }

    private TimeProvider Time => context.Coordinator.Time;

    private ILogger Logger => context.Coordinator.Logger;

    /// <summary>Works until <paramref name="drain"/>; then gives every run back and returns.</summary>
    public async Task RunAsync(CancellationToken drain)
    {
        var worker = new NodeWorker(context.Node, context.Slots, this, context.Options, Time, context.Coordinator.Metrics, Logger);
        wakeWorker = worker.Wake;
        using var onDrain = drain.Register(() => draining = true);
        await worker.RunAsync(drain);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ActiveSweep>> ActiveAsync(CancellationToken cancel) => Task.FromResult(active);

    /// <inheritdoc/>
    public void Ended(string sweep) => active = [.. active.Where(other => other.Coordinator.Sweep != sweep)];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await Task.WhenAll(announcing, looking);
        await server.DisposeAsync();
        await mailbox.DisposeAsync();
        await lead.DisposeAsync();
        try
        {
            await nodes.LeaveAsync(context.Node, CancellationToken.None);
        }
        catch (Exception e)
        {
            // Only a courtesy: the others notice it within the lease time.
            Logger.MailboxUnreachable(e);
        }
        closing.Dispose();
    }

    private async Task EverySecondAsync(Func<CancellationToken, Task> onceAsync)
    {
        using var timer = new PeriodicTimer(Interval, Time);
        try
        {
            do
            {
                try
                {
                    await onceAsync(closing.Token);
                }
                catch (Exception) when (closing.IsCancellationRequested)
                {
                    return;
                }
                catch (Exception e)
                {
                    Logger.DirectoryUnreachable(e);
                }
            }
            while (await timer.WaitForNextTickAsync(closing.Token));
        }
        catch (OperationCanceledException)
        {
            // Closing.
        }
    }

    private async Task AnnounceAsync(CancellationToken cancel)
    {
        var drain = await nodes.AnnounceAsync(
            context.Node, context.Slots.Count, context.Slots.Count - context.Slots.Free, draining, cancel);
        await lead.RenewAsync(cancel);
        if (Time.GetElapsedTime(announcedAt) > 2 * Interval)
            Volatile.Write(ref steadySince, Time.GetTimestamp());
        announcedAt = Time.GetTimestamp();
        if (drain)
            context.Drain();
    }

    private async Task LookAsync(CancellationToken cancel)
    {
        var sweeps = await log.ActiveAsync(cancel);
        await lead.TakeAsync(sweeps, cancel);
        server.Wake();
        if (Time.GetElapsedTime(Volatile.Read(ref steadySince)) > Doubt)
            await lead.LoseAsync(await nodes.SilentAsync(cancel), cancel);
        var resolved = new List<ActiveSweep>();
        foreach (var sweep in sweeps)
            if (await ResolveAsync(sweep, cancel) is { } found)
                resolved.Add(found);
        var more = resolved.Count > active.Count;
        active = resolved;
        if (more)
            wakeWorker();
    }

    private async Task<ActiveSweep?> ResolveAsync(string sweep, CancellationToken cancel)
    {
        // Not asked of a coordinator here: while its appends fail it does not answer, and the other sweeps must not wait for it.
        var text = await log.SpecTextAsync(sweep, cancel) ?? throw new SweepNotFoundException(sweep);
        var spec = context.Coordinator.Machines.Read(text);
        if (context.Trainable(spec) is not { } trainable)
            return null;
        var coordinator = new PostgresCoordinator(sweep, log, mailbox, () => lead.Find(sweep));
        var run = new RunContext(
            context.Node, coordinator, context.Coordinator.Checkpoints, trainable, spec.Checkpoint, Time, context.Coordinator.Metrics, Logger)
        {
            DrainLimit = context.DrainLimit,
        };
        return new ActiveSweep(coordinator, spec.Slots, new LocalLauncher(run));
    }
}
