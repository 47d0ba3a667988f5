using Grains.Contracts;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;
using Sweeps.Coordination;
using Sweeps.Core;

namespace Grains;

/// <summary>
/// Hosts the <see cref="SweepCoordinator"/> of one sweep. Reentrant, because the coordinator has its own mailbox: commands that arrive at the same
/// time share one append. Only the coordinator's pump uses the state of the sweep and <c>assigned</c>. The other fields change only on the grain's
/// scheduler, and one announcement loop runs at a time. Two activations of a sweep may exist for a short time; the compare-and-swap of the log lets
/// only one of them append.
/// </summary>
[Reentrant]
public sealed partial class SweepCoordinatorGrain(
    CoordinatorContext context, IClusterMembershipService membership, ILogger<SweepCoordinatorGrain> logger)
    : Grain, ISweepCoordinatorGrain, ISweepWorkGrain, IRemindable, IDisposable
{
    private const string Reminder = "awake";
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AnnouncementRetry = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource deactivating = new();
    private SweepCoordinator? coordinator;
    private AssignedRuns assigned = new([]);
    private IGrainReminder? reminder;
    private bool announcing, changed;
    private TaskScheduler scheduler = TaskScheduler.Default;

    private string Sweep => GrainKeys.Sweep(this.GetPrimaryKeyString());

    private SweepCoordinator Coordinator =>
        coordinator ?? throw new InvalidOperationException($"Grain {this.GetPrimaryKeyString()} is used before its activation.");

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        scheduler = TaskScheduler.Current;
        coordinator = await SweepCoordinator.OpenAsync(Sweep, context, cancellationToken);
        try
        {
            await coordinator.QueryAsync(
                state =>
                {
                    assigned = new AssignedRuns(state.RunningRuns.Select(run => (run, state.Runs[run].Generation)));
                    coordinator.Appended += Appended;
                    return true;
                },
                cancellationToken);
            var description = await DescribeAsync(cancellationToken);
            await KeepReminderAsync();
            // With PostgreSQL the directory does not discover an ended sweep whose test part is open; its reminder activates this grain. So announce it.
            if (description.Active)
                Post(AnnounceAsync);
            CoordinatorActivated(logger, Sweep, description.Seq);
        }
        catch
        {
            // Orleans does not call OnDeactivateAsync if OnActivateAsync throws. The pump would continue without heartbeats and lose every run.
            await coordinator.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await deactivating.CancelAsync();
        if (coordinator is not null)
            await coordinator.DisposeAsync();
    }

    /// <inheritdoc/>
    public void Dispose() => deactivating.Dispose();

    /// <summary>Sends a command. If the coordinator has closed, the grain deactivates, so that the next activation opens a new coordinator.</summary>
    public async Task<TReply> Send<TReply>(Command<TReply> command, CancellationToken cancel) where TReply : Reply
    {
        try
        {
            return await Coordinator.SendAsync(command, cancel);
        }
        catch (CoordinatorClosedException)
        {
            DeactivateOnIdle();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<WorkReply> Request(RequestWork request, CancellationToken cancel)
    {
        DelayDeactivation(TimeSpan.FromMinutes(5));
        return IsDead(request.Node)
            ? throw new SiloUnavailableException($"The cluster has declared the silo {request.Node} dead: it gets no work and ends when it notices.")
            : Send(request, cancel);
    }

    /// <inheritdoc/>
    public async Task<EventPage> Events(long afterSeq, int limit, CancellationToken cancel)
    {
        var events = await Coordinator.EventsAsync(afterSeq, limit, cancel);
        return new EventPage([.. events.Select(Sweeps.Log.EventText.Write)]);
    }

    /// <inheritdoc/>
    public Task<SweepDescription> Describe(CancellationToken cancel) => DescribeAsync(cancel);

    /// <summary>
    /// Activates the coordinator and describes the sweep to the directory, which does not discover every ended sweep whose test part is open.
    /// </summary>
    public Task ReceiveReminder(string reminderName, TickStatus status) => AnnounceAsync();

    private async Task<SweepDescription> DescribeAsync(CancellationToken cancel) => await Coordinator.QueryAsync(
        state => new SweepDescription(state.Sweep, state.HasWork, state.SpecText, state.Seq), cancel);

    /// <summary>
    /// Whether the cluster has declared the silo of a request dead. Such a silo was cut off and does not know it yet. It cannot start grains and ends when
    /// it reads the membership table.
    /// </summary>
    private bool IsDead(string node) =>
        membership.CurrentSnapshot.Members.TryGetValue(SiloAddress.FromParsableString(node), out var member) && member.Status == SiloStatus.Dead;

    /// <summary>
    /// Describes changes to the directory and stops training-run grains whose run was stopped. The coordinator's pump calls it, so it only posts to the
    /// grain's scheduler.
    /// </summary>
    private void Appended(IReadOnlyList<LoggedEvent> events)
    {
        var stopped = assigned.Apply(events);
        if (stopped.Count > 0)
            Post(() => Task.WhenAll(stopped.Select(StopAsync)));
        if (events.Any(logged => logged.Event is SweepSteered or SweepEnded or TestEvaluated or HookRan { Name: Hook.End }))
            Post(AnnounceAsync);
    }

    private void Post(Func<Task> work) => _ = Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, scheduler);

    private async Task StopAsync((int Run, int Generation) lease)
    {
        try
        {
            await GrainFactory.GetGrain<ITrainingRunGrain>(GrainKeys.TrainingRun(Sweep, lease.Run, lease.Generation)).Stop(deactivating.Token);
        }
        catch (Exception)
        {
            // The silo cannot be reached. The answer to its next heartbeat makes it abandon the run.
        }
    }

    /// <summary>
    /// Describes the sweep to the directory. It retries until it succeeds, because the directory learns only from descriptions whether a sweep has work. A
    /// call during the loop makes the loop describe the sweep once more.
    /// </summary>
    private async Task AnnounceAsync()
    {
        changed = true;
        if (announcing)
            return;
        announcing = true;
        while (changed && !deactivating.IsCancellationRequested)
        {
            changed = false;
            try
            {
                var description = await DescribeAsync(deactivating.Token);
                await GrainFactory.GetGrain<ISweepDirectoryGrain>(ISweepDirectoryGrain.Key).Describe(description, deactivating.Token);
                await KeepReminderAsync();
            }
            catch (Exception e) when (!deactivating.IsCancellationRequested)
            {
                AnnouncementFailed(logger, Sweep, e);
                changed = true;
                // Read the reminder again: if another activation has registered it, the handle is stale and cannot be unregistered.
                reminder = null;
                await Task.Delay(AnnouncementRetry, context.Time, deactivating.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
            catch (Exception)
            {
                // The grain deactivates. The next activation describes the sweep again.
            }
        }
        announcing = false;
    }

    /// <summary>
    /// Keeps a reminder while the sweep has work or its <c>on_end</c> is due. After a restart of the whole cluster the reminder activates the coordinator.
    /// </summary>
    private async Task KeepReminderAsync()
    {
        var active = await Coordinator.QueryAsync(state => state.HasWork || state.EndHookDue, deactivating.Token);
        reminder ??= await this.GetReminder(Reminder);
        if (active && reminder is null)
            reminder = await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);
        else if (!active && reminder is not null)
        {
            await this.UnregisterReminder(reminder);
            reminder = null;
        }
    }

    [LoggerMessage(3000, LogLevel.Information, "Coordinator of sweep {Sweep} activated at event {Seq}.")]
    private static partial void CoordinatorActivated(ILogger logger, string sweep, long seq);

    [LoggerMessage(3001, LogLevel.Warning, "The directory could not be notified of sweep {Sweep}; trying again.")]
    private static partial void AnnouncementFailed(ILogger logger, string sweep, Exception error);
}
