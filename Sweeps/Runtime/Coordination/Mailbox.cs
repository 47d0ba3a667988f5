using System.Threading.Channels;
using Sweeps.Core;

namespace Sweeps.Coordination;

/// <summary>
/// The bounded queue of a coordinator. Any thread posts; the coordinator's pump takes messages in batches. At most one tick of the timer waits
/// at a time, so that a slow append does not fill the queue with ticks.
/// </summary>
internal sealed class Mailbox(string sweep, int size)
{
    private readonly Channel<Message> channel = Channel.CreateBounded<Message>(new BoundedChannelOptions(size) { SingleReader = true });
    private string? closedBecause;
    private int ticksWaiting;

    /// <summary>A new exception for a message that is not decided because the mailbox is closed.</summary>
    public CoordinatorClosedException Closed => new(sweep, closedBecause);

    /// <summary>Queues a message; waits while the mailbox is full. Throws <see cref="CoordinatorClosedException"/> after <see cref="Close"/>.</summary>
    public async Task PostAsync(Message message)
    {
        try
        {
            await channel.Writer.WriteAsync(message, message.Cancel);
        }
        catch (ChannelClosedException)
        {
            throw Closed;
        }
    }

    /// <summary>Wakes the pump with a tick. If the mailbox is full, the tick is dropped: the pump has messages to read.</summary>
    public void Wake() => channel.Writer.TryWrite(Message.OfTimer());

    /// <summary>Waits for a message. Returns false if the mailbox is closed and empty.</summary>
    public ValueTask<bool> WaitToReadAsync() => channel.Reader.WaitToReadAsync();

    /// <summary>Moves waiting messages to <paramref name="batch"/> until it has <paramref name="max"/>.</summary>
    public void Read(List<Message> batch, int max)
    {
        while (batch.Count < max && channel.Reader.TryRead(out var message))
        {
            if (message.IsTick)
                Interlocked.Exchange(ref ticksWaiting, 0);
            batch.Add(message);
        }
    }

    /// <summary>Accepts no more messages. May be called repeatedly; the first reason is kept.</summary>
    public void Close(string? because = null)
    {
        closedBecause ??= because;
        channel.Writer.TryComplete();
    }

    /// <summary>Posts a <see cref="Tick"/> per period, unless the last one still waits or the mailbox is full, until <paramref name="cancel"/>.</summary>
    public async Task TickAsync(TimeSpan period, TimeProvider time, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancel))
                if (Interlocked.Exchange(ref ticksWaiting, 1) == 0)
                    if (!channel.Writer.TryWrite(Message.OfTimer()))
                        Interlocked.Exchange(ref ticksWaiting, 0);
        }
        catch (OperationCanceledException)
        {
            // The coordinator closes.
        }
    }
}

/// <summary>A request in the mailbox: a command (<see cref="Message{TReply}"/>) or a query of the durable state (<see cref="Query{T}"/>).</summary>
internal abstract class Message(string name, CancellationToken cancel)
{
    /// <summary>The name of the command, for the log.</summary>
    public string Name => name;

    public CancellationToken Cancel => cancel;

    public bool IsTick => this is Message<Acknowledged> { Command: Tick };

    public RefusedReportException? Refusal { get; private set; }

    /// <summary>Whether the command has no answer until the proposal that the machine wants is made. Set by <see cref="Decide"/>.</summary>
    public bool Waits { get; protected set; }

    public static Message OfTimer() => new Message<Acknowledged>(new Tick(), CancellationToken.None);

    /// <summary>Decides the command, unless its sender has cancelled it, and adds the events to <paramref name="decided"/>.</summary>
    public void Decide(SweepMachine machine, DateTimeOffset at, ICollection<LoggedEvent> decided)
    {
        (Refusal, Waits) = (null, false);
        try
        {
            DecideCommand(machine, at, decided);
        }
        catch (RefusedReportException e)
        {
            Refusal = e;
        }
    }

    /// <summary>Answers the sender after the events of the decision are durable.</summary>
    public abstract void Answer(SweepState state);

    public abstract void Fail(Exception error);

    protected virtual void DecideCommand(SweepMachine machine, DateTimeOffset at, ICollection<LoggedEvent> decided) { }
}

/// <summary>A command in the mailbox.</summary>
internal sealed class Message<TReply>(Command<TReply> command, CancellationToken cancel) : Message(command.GetType().Name, cancel) where TReply : Reply
{
    private readonly TaskCompletionSource<TReply> reply = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TReply? outcome;
    private Exception? withdrawnFor;
    private int taken;

    public Command<TReply> Command => command;

    public Task<TReply> Reply => reply.Task;

    public override void Answer(SweepState state)
    {
        if (outcome is not null)
            reply.TrySetResult(outcome);
    }

    public override void Fail(Exception error) => reply.TrySetException(error);

    /// <summary>
    /// Waits for the reply. If the store fails, the command is withdrawn after <paramref name="patience"/>, and this method throws
    /// <see cref="CommandWithdrawnException"/>.
    /// </summary>
    /// <param name="patience">The time without a reply after which the store is asked about.</param>
    /// <param name="time">The clock.</param>
    /// <param name="storeProblem">Returns the error with which the store fails now; null while it works.</param>
    public async Task<TReply> ReplyAsync(TimeSpan patience, TimeProvider time, Func<Exception?> storeProblem)
    {
        while (true)
        {
            try
            {
                return await Reply.WaitAsync(patience, time, Cancel);
            }
            catch (TimeoutException) when (!Reply.IsCompleted)
            {
                if (storeProblem() is { } problem)
                    Withdraw(problem);
            }
        }
    }

    /// <summary>
    /// Withdraws the command. If the pump has not taken it, <see cref="Reply"/> fails at once. Otherwise its events may be durable although the append
    /// failed, so <see cref="Reply"/> fails only if <see cref="DecideCommand"/> does not find the command in the log that was read again.
    /// </summary>
    private void Withdraw(Exception problem)
    {
        Interlocked.Exchange(ref withdrawnFor, problem);
        if (Interlocked.CompareExchange(ref taken, 0, 0) == 0)
            Fail(new CommandWithdrawnException(problem));
    }

    protected override void DecideCommand(SweepMachine machine, DateTimeOffset at, ICollection<LoggedEvent> decided)
    {
        outcome = null;
        if (Cancel.IsCancellationRequested)
            return;
        Interlocked.Exchange(ref taken, 1);
        if (withdrawnFor is { } problem && !(command is Steer { Request.Id: { } id } && machine.State.CommandIds.Contains(id)))
        {
            Fail(new CommandWithdrawnException(problem));
            return;
        }
        outcome = machine.Decide(command, at, decided);
        Waits = command is RequestWork { Free: > 0 } && outcome is WorkReply { Assignments.Count: 0, Done: false } && machine.Wanted is not null;
    }
}

/// <summary>A query of the state. The pump answers it after the events of its batch are durable.</summary>
internal sealed class Query<T>(Func<SweepState, T> read, CancellationToken cancel) : Message("query", cancel)
{
    private readonly TaskCompletionSource<T> reply = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Reply => reply.Task;

    public override void Answer(SweepState state)
    {
        try
        {
            reply.TrySetResult(read(state));
        }
        catch (Exception e)
        {
            reply.TrySetException(e);
        }
    }

    public override void Fail(Exception error) => reply.TrySetException(error);
}
