using System.Data.Common;
using System.Diagnostics;
using System.Threading.Channels;
using Sweeps.Core;
using Sweeps.Log;
using Sweeps.Telemetry;

namespace Sweeps.Coordination;

/// <summary>
/// A sweep's coordinator: a mailbox and a pump around the pure machine. The pump takes all that is waiting, decides each command in turn,
/// appends the events of the whole batch in one write, and only then replies. It runs on its own task: callers may be on any scheduler.
/// An append that fails leaves the machine ahead of the log, so the machine is rebuilt and the batch decided again; callers just wait. A
/// request for work that lacks a proposal of a model waits aside, while the model is fitted on a thread of its own.
/// </summary>
public sealed class SweepCoordinator : ISweepCoordinator, IAsyncDisposable
{
    private const int RefusedAfter = 3;

    private readonly CoordinatorContext context;
    private readonly Channel<Message> mailbox;
    private readonly CancellationTokenSource closing = new();
    private readonly TaskCompletionSource<Exception> failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CommittedEvents committed;
    private readonly CoordinatorGauges gauges;
    private readonly CheckpointSweeper sweeper;
    private readonly SnapshotWriter snapshots;
    private readonly List<LoggedEvent> decided = [];
    private readonly List<Message> waiting = [];
    private readonly Task pump, ticking;
    private SweepMachine machine;
    private ProposalOutcome? proposed;
    private bool proposing;
    private string? closedBecause;
    private int ticksWaiting, disposed;

    private SweepCoordinator(string sweep, CoordinatorContext context, SweepMachine machine)
    {
        (Sweep, this.context, this.machine) = (sweep, context, machine);
        mailbox = Channel.CreateBounded<Message>(new BoundedChannelOptions(context.MailboxSize) { SingleReader = true });
        committed = new CommittedEvents(context.Log, sweep, machine.State.Seq);
        gauges = new CoordinatorGauges(sweep, context);
        sweeper = new CheckpointSweeper(sweep, context);
        snapshots = new SnapshotWriter(sweep, context, machine.State.Seq);
        gauges.Refresh(machine.State);
        sweeper.Delete(machine.TakeDisposable());
        pump = Task.Run(PumpAsync);
        ticking = Task.Run(TickAsync);
    }

    /// <inheritdoc/>
    public string Sweep { get; }

    /// <summary>
    /// Ends with the reason when the coordinator has given up (<see cref="CoordinatorContext.MaxAttempts"/>) or failed; else never.
    /// </summary>
    public Task<Exception> Failure => failure.Task;

    /// <summary>Raised by the pump after each append, with what became durable. Must not block or throw.</summary>
    public event Action<IReadOnlyList<LoggedEvent>>? Appended;

    /// <summary>
    /// Creates a sweep: its first event. The text is read first, so that a bad sweep file leaves nothing behind; what the machine's reader
    /// throws comes out. Throws <see cref="LogConflictException"/> when the id is taken.
    /// </summary>
    public static async Task CreateAsync(string sweep, string spec, string by, CoordinatorContext context, CancellationToken cancel)
    {
        var created = new LoggedEvent(1, Now(context.Time), new SweepCreated(SweepId.Check(sweep), spec, by));
        context.Machines.Empty().Apply(created);
        await context.Log.AppendAsync(sweep, [created], cancel);
    }

    /// <summary>Replays a sweep's log and begins to serve. Throws <see cref="SweepNotFoundException"/> when there is no such sweep.</summary>
    public static async Task<SweepCoordinator> OpenAsync(string sweep, CoordinatorContext context, CancellationToken cancel)
    {
        var machine = await ReplayAsync(sweep, context, useSnapshot: true, cancel);
        return machine.State.Seq == 0 ? throw new SweepNotFoundException(sweep) : new SweepCoordinator(sweep, context, machine);
    }

    /// <summary>
    /// Decides a command; replies after its events are durable. Waits while the mailbox is full. A command that is cancelled before its turn is
    /// not decided. Throws <see cref="EventRefusedException"/> when the log cannot hold what it would record.
    /// </summary>
    public async Task<TReply> SendAsync<TReply>(Command command, CancellationToken cancel) where TReply : Reply
    {
        var message = new Message(command, cancel);
        await PostAsync(message);
        return (TReply)await message.Reply.Task.WaitAsync(cancel);
    }

    /// <summary>
    /// Reads the state between two batches, when all of it is durable. <paramref name="read"/> runs in the pump: it must be quick and must not
    /// keep the state.
    /// </summary>
    public async Task<T> QueryAsync<T>(Func<SweepState, T> read, CancellationToken cancel)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var query = new Message(new Tick(default), cancel)
        {
            Query = state =>
            {
                try
                {
                    answer.TrySetResult(read(state));
                }
                catch (Exception e)
                {
                    answer.TrySetException(e);
                }
            },
        };
        await PostAsync(query);
        var served = await Task.WhenAny(answer.Task, query.Reply.Task).WaitAsync(cancel);
        await served;
        return await answer.Task;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<LoggedEvent>> EventsAsync(long afterSeq, int limit, CancellationToken cancel) =>
        committed.ReadAsync(afterSeq, limit, cancel);

    /// <summary>Stops serving. Commands that are waiting fail with <see cref="CoordinatorClosedException"/>; what they decided may be durable.</summary>
    public async ValueTask DisposeAsync()
    {
        mailbox.Writer.TryComplete();
        if (Interlocked.Exchange(ref disposed, 1) != 0)
            return;
        await closing.CancelAsync();
        await Task.WhenAll(pump, ticking);
        await sweeper.DisposeAsync();
        await snapshots.DisposeAsync();
        gauges.Dispose();
        closing.Dispose();
    }

    private async Task PostAsync(Message message)
    {
        try
        {
            await mailbox.Writer.WriteAsync(message, message.Cancel);
        }
        catch (ChannelClosedException)
        {
            throw new CoordinatorClosedException(Sweep, closedBecause);
        }
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
        // Whoever opened the coordinator is not the parent of all its appends.
        Activity.Current = null;
        var batch = new List<Message>();
        while (await mailbox.Reader.WaitToReadAsync())
        {
            batch.Clear();
            TakeProposal(batch);
            while (batch.Count < context.MaxBatch && mailbox.Reader.TryRead(out var message))
                batch.Add(message);
            try
            {
                await ProcessAsync(batch);
                Propose();
            }
            catch (Exception) when (closing.IsCancellationRequested)
            {
                // Whatever a store says to being cut short: the outcome is not known, and nobody here will try again.
                Close(batch);
            }
            catch (Exception e)
            {
                // An append that failed too often, or a defect after one. Senders repeat what they asked, to the next coordinator.
                var reason = e is GaveUpException ? e.InnerException! : e;
                closedBecause = reason.Message;
                context.Logger.CoordinatorFailed(Sweep, reason);
                mailbox.Writer.TryComplete();
                await closing.CancelAsync();
                Close(batch);
                failure.TrySetResult(reason);
            }
        }
        Close(waiting);
    }

    private void Close(List<Message> messages)
    {
        foreach (var message in messages)
            message.Fail(new CoordinatorClosedException(Sweep, closedBecause));
    }

    /// <summary>Hands what was proposed to the machine; those who wait for it have their turn first.</summary>
    private void TakeProposal(List<Message> batch)
    {
        if (Interlocked.Exchange(ref proposed, null) is not { } outcome)
            return;
        proposing = false;
        machine.Offer(outcome.Made);
        if (outcome.Failure is { } e)
        {
            context.Logger.ProposalFailed(Sweep, e);
            waiting.ForEach(message => message.Fail(e));
        }
        else
        {
            batch.AddRange(waiting);
        }
        waiting.Clear();
    }

    private void Propose()
    {
        if (proposing)
            return;
        if (machine.Wanted is not { } wanted)
        {
            // Those who wait asked a machine that was rebuilt since: they ask the new one.
            if (waiting.Count > 0)
                Hand(new ProposalOutcome(null, null));
            return;
        }
        proposing = true;
        // A fit takes up to seconds of a core: not on the thread pool, where grains and replies wait.
        _ = Task.Factory.StartNew(Make, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        void Make()
        {
            Exception? problem = null;
            try
            {
                wanted.Make();
            }
            catch (Exception e)
            {
                problem = e;
            }
            Hand(new ProposalOutcome(problem is null ? wanted : null, problem));
        }
    }

    /// <summary>Wakes the pump with an outcome; when the mailbox is full, the pump is awake.</summary>
    private void Hand(ProposalOutcome outcome)
    {
        Volatile.Write(ref proposed, outcome);
        mailbox.Writer.TryWrite(new Message(new Tick(default), CancellationToken.None));
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
                    break;
                }
            }
            catch (LogConflictException)
            {
                context.Logger.LogConflict(Sweep, decided.Count);
            }
            catch (Exception e) when (!closing.IsCancellationRequested)
            {
                context.Metrics.AppendFailed(Sweep);
                context.Logger.AppendFailed(Sweep, decided.Count, attempt, e);
                if (attempt >= context.MaxAttempts)
                    throw new GaveUpException(e);
                if (attempt >= RefusedAfter && !IsStoreTrouble(e))
                {
                    await RefuseAsync(batch, e);
                    return;
                }
                await Retry.WaitAsync(attempt, context.Time, closing.Token);
            }
            // A snapshot that the log contradicts would conflict for ever.
            await RebuildAsync(useSnapshot: attempt < 3);
        }
        AfterAppend();
        foreach (var message in batch)
        {
            message.Query?.Invoke(machine.State);
            if (message.Waits)
                waiting.Add(message);
            else if (message.Outcome is { } reply)
                message.Reply.TrySetResult(reply);
        }
        var refused = batch.FindAll(message => message.Refusal is not null);
        if (refused.Count > 0)
            await ReconsiderAsync(refused);
    }

    /// <summary>
    /// The log does not take what was decided, though nothing is wrong with the store: a text that the database cannot hold, for instance.
    /// Decided one by one, only the command to blame is refused.
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

    private static bool IsStoreTrouble(Exception e) => e is IOException or UnauthorizedAccessException or TimeoutException or DbException or OperationCanceledException;

    /// <summary>What makes no sense may come from an assignment that another coordinator has logged: it is judged again after the tail.</summary>
    private async Task ReconsiderAsync(List<Message> refused)
    {
        if (await IsBehindAsync())
        {
            await RebuildAsync(useSnapshot: true);
            await ProcessAsync(refused);
        }
        else
        {
            refused.ForEach(message => message.Fail(message.Refusal!));
        }
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
            // Rebuilding tries until the log can be read.
            context.Logger.ReplayFailed(Sweep, 1, e);
            return true;
        }
    }

    /// <summary>Decides all; false when a command broke the machine, which then has to be rebuilt before the others are decided.</summary>
    private bool TryDecide(List<Message> batch)
    {
        decided.Clear();
        var started = context.Time.GetTimestamp();
        foreach (var message in batch)
        {
            if (message.Command is Tick)
                Interlocked.Exchange(ref ticksWaiting, 0);
            (message.Outcome, message.Refusal, message.Waits) = (null, null, false);
            if (message.Cancel.IsCancellationRequested)
                continue;
            try
            {
                message.Outcome = machine.Decide(message.Command with { At = Now(context.Time) }, decided);
                message.Waits = message is { Command: RequestWork { Free: > 0 }, Outcome: WorkReply { Assignments.Count: 0, Done: false } }
                    && machine.Wanted is not null;
            }
            catch (RefusedReportException e)
            {
                message.Refusal = e;
            }
            catch (Exception e)
            {
                context.Logger.DecisionFailed(Sweep, message.Command.GetType().Name, e);
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
        sweeper.Delete(machine.TakeDisposable());
        snapshots.WriteWhenDue(machine.State);
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
                context.Logger.ReplayFailed(Sweep, attempt, e);
                await Retry.WaitAsync(attempt, context.Time, closing.Token);
            }
        }
    }

    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(context.Tick, context.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(closing.Token))
                if (Interlocked.Exchange(ref ticksWaiting, 1) == 0)
                    if (!mailbox.Writer.TryWrite(new Message(new Tick(default), CancellationToken.None)))
                        Interlocked.Exchange(ref ticksWaiting, 0);
        }
        catch (OperationCanceledException)
        {
            // Closing.
        }
    }

    /// <summary>A proposal that was made, or why it could not be; neither when those who wait should just ask again.</summary>
    private sealed record ProposalOutcome(Proposal? Made, Exception? Failure);

    private sealed class Message(Command command, CancellationToken cancel)
    {
        public Command Command => command;

        public CancellationToken Cancel => cancel;

        public TaskCompletionSource<Reply> Reply { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Looks at the durable state after the batch.</summary>
        public Action<SweepState>? Query { get; init; }

        public Reply? Outcome { get; set; }

        public RefusedReportException? Refusal { get; set; }

        /// <summary>Whether it wants a proposal that is being made.</summary>
        public bool Waits { get; set; }

        public void Fail(Exception error) => Reply.TrySetException(error);
    }
}
