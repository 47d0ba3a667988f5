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

    /// <summary>The exception for messages that are not decided because the mailbox is closed.</summary>
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
    public void Wake() => channel.Writer.TryWrite(new Message(new Tick(default), CancellationToken.None));

    /// <summary>Waits for messages. False when the mailbox is closed and empty.</summary>
    public ValueTask<bool> WaitToReadAsync() => channel.Reader.WaitToReadAsync();

    /// <summary>Moves waiting messages to <paramref name="batch"/> until it has <paramref name="max"/>.</summary>
    public void Read(List<Message> batch, int max)
    {
        while (batch.Count < max && channel.Reader.TryRead(out var message))
        {
            if (message.Command is Tick)
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

    /// <summary>Posts a <see cref="Tick"/> per period until <paramref name="cancel"/>.</summary>
    public async Task TickAsync(TimeSpan period, TimeProvider time, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancel))
                if (Interlocked.Exchange(ref ticksWaiting, 1) == 0)
                    if (!channel.Writer.TryWrite(new Message(new Tick(default), CancellationToken.None)))
                        Interlocked.Exchange(ref ticksWaiting, 0);
        }
        catch (OperationCanceledException)
        {
            // The coordinator closes.
        }
    }
}

/// <summary>A command in the mailbox, and what the pump knows about it.</summary>
internal sealed class Message(Command command, CancellationToken cancel)
{
    public Command Command => command;

    public CancellationToken Cancel => cancel;

    public TaskCompletionSource<Reply> Reply { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Reads the durable state after the batch.</summary>
    public Action<SweepState>? Query { get; init; }

    /// <summary>The decision, which is sent as reply after its events are durable.</summary>
    public Reply? Outcome { get; set; }

    public RefusedReportException? Refusal { get; set; }

    /// <summary>Whether the command waits for a proposal that is being made.</summary>
    public bool Waits { get; set; }

    public void Fail(Exception error) => Reply.TrySetException(error);
}
