using System.Data.Common;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Sweeps.Core;
using Sweeps.Hooks;
using Sweeps.Log;
using Sweeps.Telemetry;

namespace Sweeps.Coordination;

/// <summary>
/// The coordinator of one sweep: a mailbox and a pump around the pure <see cref="SweepMachine"/>. The pump takes all waiting commands, decides
/// them in order, appends the events of the whole batch in one write, and then replies. It runs on its own task, so callers may be on any
/// scheduler. When an append fails, the machine is ahead of the log: the pump rebuilds it from the log and decides the batch again, while the
/// callers wait. A request for work that needs a proposal of a model is set aside until <see cref="ProposalRunner"/> has made it.
/// </summary>
public sealed partial class SweepCoordinator : ISweepCoordinator, IAsyncDisposable
{
    /// <summary>
    /// The number of failed appends of one batch, with an error that is not a failure of the store, after which the commands are decided one by one to
    /// find the one whose events the log rejects.
    /// </summary>
    private const int MaxUnexplainedFailures = 3;

    private readonly CoordinatorContext context;
    private readonly Mailbox mailbox;
    private readonly ProposalRunner proposals;
    private readonly CancellationTokenSource closing = new();
    private readonly TaskCompletionSource<Exception> failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CommittedEvents committed;
    private readonly CoordinatorGauges gauges;
    private readonly CheckpointCleaner cleaner;
    private readonly SnapshotWriter snapshots;
    private readonly HookRunner? hooks;
    private readonly List<LoggedEvent> decided = [];
    private readonly List<Message> waiting = [];
    private readonly Task pump, ticking;
    private SweepMachine machine;
    private volatile Exception? storeProblem;
    private int disposed;

    private SweepCoordinator(string sweep, CoordinatorContext context, SweepMachine machine)
    {
        (Sweep, this.context, this.machine) = (sweep, context, machine);
        mailbox = new Mailbox(sweep, context.MailboxSize);
        proposals = new ProposalRunner(mailbox.Wake);
        committed = new CommittedEvents(context.Log, sweep, machine.State.Seq);
        gauges = new CoordinatorGauges(sweep, context);
        cleaner = new CheckpointCleaner(sweep, context);
        snapshots = new SnapshotWriter(sweep, context, machine.State.Seq);
        gauges.Refresh(machine.State);
        cleaner.Delete(machine.TakeDisposable());
        hooks = context.Hooks is not { } host ? null
            : new HookRunner(sweep, host, context.Time, context.Logger, ran => SendAsync(ran, CancellationToken.None));
        hooks?.Begin(machine.State);
        pump = Task.Run(PumpAsync);
        ticking = Task.Run(() => mailbox.TickAsync(context.Tick, context.Time, closing.Token));
    }

    /// <inheritdoc/>
    public string Sweep { get; }

    /// <summary>
    /// Completes with the reason when the coordinator fails or exceeds <see cref="CoordinatorContext.MaxAttempts"/>; never otherwise.
    /// </summary>
    public Task<Exception> Failure => failure.Task;

    /// <summary>Raised by the pump after each append, with the appended events. Handlers must not block or throw.</summary>
    public event Action<IReadOnlyList<LoggedEvent>>? Appended;

    /// <summary>
    /// Creates a sweep by appending its first event. The sweep file is parsed before, so that an invalid one creates nothing; exceptions of the
    /// parser are passed on. Throws <see cref="LogConflictException"/> if the id is taken.
    /// </summary>
    public static async Task CreateAsync(string sweep, string spec, string by, CoordinatorContext context, CancellationToken cancel)
    {
        var created = new LoggedEvent(1, Now(context.Time), new SweepCreated(SweepId.Check(sweep), spec, by));
        context.Machines.Empty().Apply(created);
        await context.Log.AppendAsync(sweep, [created], cancel);
    }

    /// <summary>Replays a sweep's log and starts the pump. Throws <see cref="SweepNotFoundException"/> when there is no such sweep.</summary>
    public static async Task<SweepCoordinator> OpenAsync(string sweep, CoordinatorContext context, CancellationToken cancel)
    {
        var machine = await ReplayAsync(sweep, context, useSnapshot: true, cancel);
        return machine.State.Seq == 0 ? throw new SweepNotFoundException(sweep) : new SweepCoordinator(sweep, context, machine);
    }

    /// <summary>
    /// Decides a command; replies after its events are durable. Waits while the mailbox is full. A command that is cancelled before the pump
    /// takes it is not decided. Throws <see cref="EventRefusedException"/> when the log cannot store the command's events, and
    /// <see cref="CommandWithdrawnException"/> when the store fails for <see cref="CoordinatorContext.Patience"/> while a person waits.
    /// </summary>
    public async Task<TReply> SendAsync<TReply>(Command<TReply> command, CancellationToken cancel) where TReply : Reply
    {
        var message = new Message<TReply>(command, cancel);
        await mailbox.PostAsync(message);
        return command is Steer ? await message.ReplyAsync(context.Patience, context.Time, () => storeProblem) : await message.Reply.WaitAsync(cancel);
    }

    /// <summary>
    /// Reads the state between two batches, when all of it is durable. <paramref name="read"/> runs in the pump: it must be fast and must not
    /// keep a reference to the state.
    /// </summary>
    public async Task<T> QueryAsync<T>(Func<SweepState, T> read, CancellationToken cancel)
    {
        var query = new Query<T>(read, cancel);
        await mailbox.PostAsync(query);
        return await query.Reply.WaitAsync(cancel);
    }

    /// <summary>Completes when no call of a hook runs or waits.</summary>
    public Task WhenHooksRanAsync(CancellationToken cancel) => hooks?.WhenIdleAsync(cancel) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public Task<IReadOnlyList<LoggedEvent>> EventsAsync(long afterSeq, int limit, CancellationToken cancel) =>
        committed.ReadAsync(afterSeq, limit, cancel);

    /// <summary>Stops the pump. Waiting commands fail with <see cref="CoordinatorClosedException"/>; their events may or may not be durable.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
            return;
        if (hooks is not null)
            await hooks.DisposeAsync();
        mailbox.Close();
        await closing.CancelAsync();
        await Task.WhenAll(pump, ticking);
        await cleaner.DisposeAsync();
        await snapshots.DisposeAsync();
        gauges.Dispose();
        closing.Dispose();
    }

    private static DateTimeOffset Now(TimeProvider time)
    {
        var now = time.GetUtcNow();
        return new DateTimeOffset(now.Ticks - now.Ticks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero);
    }

    private static async Task<SweepMachine> ReplayAsync(
        string sweep, CoordinatorContext context, bool useSnapshot, CancellationToken cancel)
    {
        var snapshot = !useSnapshot ? null : await context.Log.ReadSnapshotAsync(sweep, cancel);
        var machines = context.Machines with { Options = context.Machines.Options with { ProposeAside = true } };
        var machine = (snapshot is null ? null : machines.FromSnapshot(snapshot.Payload)) ?? machines.Empty();
        await foreach (var logged in context.Log.ReadAsync(sweep, machine.State.Seq, cancel))
            machine.Apply(logged);
        return machine;
    }

    private async Task PumpAsync()
    {
        // Without this line every append would be a child span of the call that opened the coordinator.
        Activity.Current = null;
        var batch = new List<Message>();
        while (await mailbox.WaitToReadAsync())
        {
            batch.Clear();
            TakeProposal(batch);
            mailbox.Read(batch, context.MaxBatch);
            try
            {
                await ProcessAsync(batch);
                Propose();
            }
            catch (Exception) when (closing.IsCancellationRequested)
            {
                // The outcome of a cancelled append is unknown, and this coordinator does not try again.
                Close(batch);
            }
            catch (Exception e)
            {
                // An append failed too often, or processing its result threw. Senders repeat their commands at the next coordinator.
                var reason = e is AppendAttemptsException ? e.InnerException! : e;
                CoordinatorFailed(context.Logger, Sweep, reason);
                mailbox.Close(reason.Message);
                await closing.CancelAsync();
                Close(batch);
                failure.TrySetResult(reason);
            }
        }
        Close(waiting);
    }

    private void Close(List<Message> messages) => messages.ForEach(message => message.Fail(mailbox.Closed));

    /// <summary>Gives a finished proposal to the machine. The commands that waited for it are decided first in the next batch.</summary>
    private void TakeProposal(List<Message> batch)
    {
        if (proposals.Take() is not { } outcome)
            return;
        machine.Offer(outcome.Made);
        if (outcome.Failure is { } e)
        {
            ProposalFailed(context.Logger, Sweep, e);
            waiting.ForEach(message => message.Fail(e));
        }
        else
            batch.AddRange(waiting);
        waiting.Clear();
    }

    private void Propose()
    {
        if (proposals.Busy)
            return;
        if (machine.Wanted is { } wanted)
            proposals.Start(wanted);
        else if (waiting.Count > 0)
            // The machine was rebuilt since these commands began to wait and does not want the proposal: decide them again.
            proposals.Skip();
    }

    private async Task ProcessAsync(List<Message> batch)
    {
        for (var attempt = 1; ; attempt++)
        {
            closing.Token.ThrowIfCancellationRequested();
            try
            {
                if (TryDecide(batch))
                {
                    await AppendAsync();
                    storeProblem = null;
                    break;
                }
            }
            catch (LogConflictException)
            {
                LogConflict(context.Logger, Sweep, decided.Count);
            }
            catch (Exception e) when (!closing.IsCancellationRequested)
            {
                storeProblem = e;
                context.Metrics.AppendFailed(Sweep);
                AppendFailed(context.Logger, Sweep, decided.Count, attempt, e);
                if (attempt >= context.MaxAttempts)
                    throw new AppendAttemptsException(e);
                if (attempt >= MaxUnexplainedFailures && !IsStoreFailure(e))
                {
                    await RefuseAsync(batch, e);
                    return;
                }
                await Retry.WaitAsync(attempt, context.Time, closing.Token);
            }
            // A snapshot that contradicts the log would cause a conflict at every attempt.
            await RebuildAsync(useSnapshot: attempt < 3);
        }
        AfterAppend();
        foreach (var message in batch)
        {
            if (message.Waits)
                waiting.Add(message);
            else
                message.Answer(machine.State);
        }
        var refused = batch.FindAll(message => message.Refusal is not null);
        if (refused.Count > 0)
            await ReconsiderAsync(refused);
    }

    /// <summary>
    /// Handles events that the log rejects although the store works, such as a text that the database cannot hold. The commands are decided one
    /// by one, so that only the one whose events are rejected fails.
    /// </summary>
    private async Task RefuseAsync(List<Message> batch, Exception problem)
    {
        await RebuildAsync(useSnapshot: true);
        if (batch is [var one])
            one.Fail(problem);
        else
            foreach (var message in batch.ToList())
                await ProcessAsync([message]);
    }

    private static bool IsStoreFailure(Exception e) => e is IOException or UnauthorizedAccessException or TimeoutException or DbException or OperationCanceledException;

    /// <summary>A refused report may belong to an assignment that another coordinator has logged: replay the rest of the log and decide it again.</summary>
    private async Task ReconsiderAsync(List<Message> refused)
    {
        if (await IsBehindAsync())
        {
            await RebuildAsync(useSnapshot: true);
            await ProcessAsync(refused);
        }
        else
            refused.ForEach(message => message.Fail(message.Refusal!));
    }

    private async Task<bool> IsBehindAsync()
    {
        try
        {
            await foreach (var _ in context.Log.ReadAsync(Sweep, machine.State.Seq, closing.Token, limit: 1))
                return true;
            return false;
        }
        catch (Exception e) when (!closing.IsCancellationRequested)
        {
            // RebuildAsync retries until the log can be read.
            ReplayFailed(context.Logger, Sweep, 1, e);
            return true;
        }
    }

    /// <summary>Decides all commands. False when one threw: it is removed, and the machine must be rebuilt before the others are decided.</summary>
    private bool TryDecide(List<Message> batch)
    {
        decided.Clear();
        var (started, at) = (context.Time.GetTimestamp(), Now(context.Time));
        foreach (var message in batch)
        {
            try
            {
                message.Decide(machine, at, decided);
            }
            catch (Exception e)
            {
                DecisionFailed(context.Logger, Sweep, message.Name, e);
                message.Fail(e);
                batch.Remove(message);
                return false;
            }
        }
        if (batch.Count > 0)
            context.Metrics.Decided(context.Time.GetElapsedTime(started) / batch.Count);
        return true;
    }

    private async Task AppendAsync()
    {
        if (decided.Count == 0)
            return;
        var started = context.Time.GetTimestamp();
        using var span = SweepActivity.Append(Sweep, decided.Count);
        await context.Log.AppendAsync(Sweep, decided, closing.Token);
        context.Metrics.Appended(decided.Count, context.Time.GetElapsedTime(started));
    }

    private void AfterAppend()
    {
        gauges.Refresh(machine.State);
        if (decided.Count == 0)
            return;
        var durable = decided.ToArray();
        committed.Add(durable);
        gauges.Count(durable);
        cleaner.Delete(machine.TakeDisposable());
        snapshots.WriteWhenDue(machine.State);
        hooks?.Observe(machine.State);
        Appended?.Invoke(durable);
    }

    private async Task RebuildAsync(bool useSnapshot)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                machine = await ReplayAsync(Sweep, context, useSnapshot, closing.Token);
                committed.Reset(machine.State.Seq);
                return;
            }
            catch (Exception e) when (!closing.IsCancellationRequested)
            {
                storeProblem = e;
                ReplayFailed(context.Logger, Sweep, attempt, e);
                await Retry.WaitAsync(attempt, context.Time, closing.Token);
            }
        }
    }

    [LoggerMessage(201, LogLevel.Information, "Sweep {Sweep}: another coordinator appended first; deciding again ({Events} events).")]
    private static partial void LogConflict(ILogger logger, string sweep, int events);

    [LoggerMessage(202, LogLevel.Error, "Sweep {Sweep}: {Events} events could not be appended (attempt {Attempt}); no command was answered, trying again.")]
    private static partial void AppendFailed(ILogger logger, string sweep, int events, int attempt, Exception error);

    [LoggerMessage(203, LogLevel.Error, "Sweep {Sweep}: the log could not be replayed (attempt {Attempt}).")]
    private static partial void ReplayFailed(ILogger logger, string sweep, int attempt, Exception error);

    [LoggerMessage(205, LogLevel.Critical, "Sweep {Sweep}: deciding a {Command} failed, which is a defect; only this command fails.")]
    private static partial void DecisionFailed(ILogger logger, string sweep, string command, Exception error);

    [LoggerMessage(207, LogLevel.Critical, "Sweep {Sweep}: its coordinator has failed and closes; the next request opens a new one.")]
    private static partial void CoordinatorFailed(ILogger logger, string sweep, Exception error);

    [LoggerMessage(208, LogLevel.Error, "Sweep {Sweep}: its search could not propose a configuration; the next request for work tries again.")]
    private static partial void ProposalFailed(ILogger logger, string sweep, Exception error);
}
