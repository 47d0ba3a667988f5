using Grains.Contracts;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;
using Sweeps.Coordination;
using Sweeps.Core;

namespace Grains;

/// <summary>
/// Holds the coordinator of one sweep. Reentrant because the coordinator has a mailbox of its own, so that a batch of reports shares one append:
/// what a command changes is changed inside the coordinator's pump. The grain's own fields, the reminder and the pending announcement, are used
/// only on the grain's scheduler, and every method that changes them can be repeated. Two activations may exist for a moment; the log's
/// compare-and-swap tells them apart.
/// </summary>
[Reentrant]
public sealed class SweepCoordinatorGrain(
    CoordinatorContext context, IClusterMembershipService membership, ILogger<SweepCoordinatorGrain> logger)
    : Grain, ISweepCoordinatorGrain, IRemindable, IDisposable
{
    private const string Reminder = "awake";
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AnnounceAgain = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource leaving = new();
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
                    coordinator.Appended += Follow;
                    return true;
                },
                cancellationToken);
            var description = await DescribeAsync(cancellationToken);
            await KeepReminderAsync(description.Active);
            // Woken by its reminder, a sweep that has ended but for the look at the test part is not discovered by the directory.
            if (description.Active)
                Post(AnnounceAsync);
            logger.CoordinatorActivated(Sweep, description.Seq);
        }
        catch
        {
            // What has not been activated is not deactivated either: the pump would go on, deaf, and report every run as lost.
            await coordinator.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await leaving.CancelAsync();
        if (coordinator is not null)
            await coordinator.DisposeAsync();
    }

    /// <inheritdoc/>
    public void Dispose() => leaving.Dispose();

    /// <inheritdoc/>
    public async Task<WorkAnswer> RequestWork(WorkRequest request, CancellationToken cancel)
    {
        DelayDeactivation(TimeSpan.FromMinutes(5));
        if (IsDead(request.Node))
            return new WorkAnswer([], request.Running, Done: false);
        return Wire.ToMessage(await SendAsync<WorkReply>(Wire.FromMessage(request), cancel));
    }

    /// <inheritdoc/>
    public async Task<VerdictAnswer> Report(EpochMessage epoch, CancellationToken cancel)
    {
        try
        {
            return new((int)(await SendAsync<VerdictReply>(Wire.FromMessage(epoch), cancel)).Verdict);
        }
        catch (RefusedReportException e)
        {
            return new((int)Verdict.Abandon, e.Message);
        }
    }

    /// <inheritdoc/>
    public Task Release(RunMessage run, CancellationToken cancel) =>
        SendAsync<Acknowledged>(new ReleaseRun(default, run.Node, run.Run, run.Generation), cancel);

    /// <inheritdoc/>
    public Task Fail(FailureMessage failure, CancellationToken cancel) => SendAsync<Acknowledged>(
        new FailRun(default, failure.Run.Node, failure.Run.Run, failure.Run.Generation, failure.Error, failure.Permanent), cancel);

    /// <inheritdoc/>
    public Task LoseNode(string node, CancellationToken cancel) => SendAsync<Acknowledged>(new LoseNode(default, node), cancel);

    /// <inheritdoc/>
    public async Task<SteerAnswer> Steer(SteerMessage steer, CancellationToken cancel)
    {
        var reply = await SendAsync<SteerReply>(Wire.FromMessage(steer), cancel);
        return new SteerAnswer(reply.Accepted, reply.Message);
    }

    /// <inheritdoc/>
    public Task RecordTest(TestMessage test, CancellationToken cancel) =>
        SendAsync<Acknowledged>(new RecordTest(default, test.Run, test.Epoch, test.Metrics, test.Error), cancel);

    /// <inheritdoc/>
    public async Task<EventPage> Events(long afterSeq, int limit, CancellationToken cancel)
    {
        var events = await Coordinator.EventsAsync(afterSeq, limit, cancel);
        return new EventPage([.. events.Select(Sweeps.Log.EventText.Write)]);
    }

    /// <inheritdoc/>
    public Task<SweepDescription> Describe(CancellationToken cancel) => DescribeAsync(cancel);

    /// <summary>
    /// The reminder's tick activates the coordinator, and tells the directory again: a sweep that has ended and whose best weights are still to be
    /// evaluated is not among the sweeps that the directory finds in the log.
    /// </summary>
    public Task ReceiveReminder(string reminderName, TickStatus status) => AnnounceAsync();

    /// <summary>A log that cannot be followed any more is opened anew by the next activation.</summary>
    private async Task<TReply> SendAsync<TReply>(Command command, CancellationToken cancel) where TReply : Reply
    {
        try
        {
            return await Coordinator.SendAsync<TReply>(command, cancel);
        }
        catch (CoordinatorClosedException)
        {
            DeactivateOnIdle();
            throw;
        }
    }

    private async Task<SweepDescription> DescribeAsync(CancellationToken cancel) => await Coordinator.QueryAsync(
        state => new SweepDescription(state.Sweep, state.HasWork, state.SpecText, state.Seq), cancel);

    /// <summary>
    /// Whether a silo that asks has been declared dead. It was cut off, is back and does not know: it cannot start a grain any more, and will end.
    /// </summary>
    private bool IsDead(string node) =>
        membership.CurrentSnapshot.Members.TryGetValue(SiloAddress.FromParsableString(node), out var member) && member.Status == SiloStatus.Dead;

    /// <summary>
    /// Tells the directory of changes it must know, and training grains that they are no longer wanted. Called by the coordinator's pump, so it
    /// only posts to the grain's scheduler.
    /// </summary>
    private void Follow(IReadOnlyList<LoggedEvent> events)
    {
        var stopped = assigned.Follow(events);
        if (stopped.Count > 0)
            Post(() => Task.WhenAll(stopped.Select(StopAsync)));
        if (events.Any(logged => logged.Event is SweepSteered or SweepEnded or TestEvaluated))
            Post(AnnounceAsync);
    }

    private void Post(Func<Task> work) => _ = Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, scheduler);

    private async Task StopAsync((int Run, int Generation) lease)
    {
        try
        {
            await GrainFactory.GetGrain<ITrainingRunGrain>(GrainKeys.TrainingRun(Sweep, lease.Run, lease.Generation)).Stop(leaving.Token);
        }
        catch (Exception)
        {
            // Its silo cannot be reached. The answer to the node's next heartbeat says the same.
        }
    }

    /// <summary>
    /// Tries until the directory knows: a description is its only way to learn that a sweep goes on or has ended. What changes meanwhile is told
    /// by the same loop.
    /// </summary>
    private async Task AnnounceAsync()
    {
        changed = true;
        if (announcing)
            return;
        announcing = true;
        while (changed && !leaving.IsCancellationRequested)
        {
            changed = false;
            try
            {
                var description = await DescribeAsync(leaving.Token);
                await GrainFactory.GetGrain<ISweepDirectoryGrain>(ISweepDirectoryGrain.Key).Describe(description, leaving.Token);
                await KeepReminderAsync(description.Active);
            }
            catch (Exception e) when (!leaving.IsCancellationRequested)
            {
                logger.AnnouncementFailed(Sweep, e);
                changed = true;
                await Task.Delay(AnnounceAgain, context.Time, leaving.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
            catch (Exception)
            {
                // The grain leaves: the next activation describes itself to whoever asks.
            }
        }
        announcing = false;
    }

    /// <summary>One reminder per sweep that has work: after the whole cluster was down, it wakes the coordinator even if no slot asks.</summary>
    private async Task KeepReminderAsync(bool active)
    {
        reminder ??= await this.GetReminder(Reminder);
        if (active && reminder is null)
            reminder = await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);
        else if (!active && reminder is not null)
        {
            await this.UnregisterReminder(reminder);
            reminder = null;
        }
    }
}
