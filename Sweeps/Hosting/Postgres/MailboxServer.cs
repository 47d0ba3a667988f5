using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using Sweeps.Core;

namespace Sweeps.Hosting.Postgres;

/// <summary>
/// The receiving side of the mailbox: takes the commands of the sweeps this node leads, has them decided, and writes the replies, many in one
/// statement. A command is taken by one leader only; what is lost with it is sent again.
/// </summary>
internal sealed class MailboxServer : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly NpgsqlDataSource database;
    private readonly Func<IReadOnlyList<ISweepCoordinator>> led;
    private readonly ILogger logger;
    private readonly TimeProvider time;
    private readonly Channel<(Guid Id, string Reply)> replies = Channel.CreateUnbounded<(Guid, string)>();
    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource closing = new();
    private readonly Notifications notifications;
    private readonly Task taking, writing;

    public MailboxServer(NpgsqlDataSource database, Func<IReadOnlyList<ISweepCoordinator>> led, TimeProvider time, ILogger logger)
    {
        (this.database, this.led, this.time, this.logger) = (database, led, time, logger);
        notifications = new Notifications(database, "sweep_command", time, Wake);
        taking = Task.Run(TakeAllAsync);
        writing = Task.Run(WriteAllAsync);
    }

    /// <summary>Looks at once: this node may lead one more sweep.</summary>
    public void Wake() => wake.Writer.TryWrite(true);

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await notifications.DisposeAsync();
        await taking;
        replies.Writer.TryComplete();
        await writing;
        closing.Dispose();
    }

    private async Task TakeAllAsync()
    {
        while (!closing.IsCancellationRequested)
        {
            try
            {
                if (led() is { Count: > 0 } coordinators)
                    await TakeAsync(coordinators);
            }
            catch (Exception) when (closing.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                logger.MailboxUnreachable(e);
            }
            await WaitAsync();
        }
    }

    private async Task TakeAsync(IReadOnlyList<ISweepCoordinator> coordinators)
    {
        var bySweep = coordinators.ToDictionary(coordinator => coordinator.Sweep);
        await using var take = database.CreateCommand(
            """
            WITH old AS (DELETE FROM sweep_reply WHERE at < now() - interval '1 minute')
            DELETE FROM sweep_command WHERE sweep_id = ANY ($1) RETURNING id, sweep_id, command
            """);
        take.Parameters.AddWithValue(bySweep.Keys.ToArray());
        await using var rows = await take.ExecuteReaderAsync(closing.Token);
        while (await rows.ReadAsync(closing.Token))
            _ = DecideAsync(bySweep[rows.GetString(1)], rows.GetGuid(0), rows.GetString(2));
    }

    private async Task DecideAsync(ISweepCoordinator coordinator, Guid id, string text)
    {
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(closing.Token);
            patience.CancelAfter(Patience);
            var reply = await coordinator.SendAsync<Reply>(CommandText.ReadCommand(text), patience.Token);
            replies.Writer.TryWrite((id, CommandText.Write(reply)));
        }
        catch (RefusedReportException e)
        {
            replies.Writer.TryWrite((id, CommandText.Write(e)));
        }
        catch (Exception e)
        {
            logger.CommandLost(coordinator.Sweep, e);
        }
    }

    private async Task WriteAllAsync()
    {
        var batch = new List<(Guid Id, string Reply)>();
        while (await replies.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < 1000 && replies.Reader.TryRead(out var reply))
                batch.Add(reply);
            try
            {
                await WriteAsync(batch);
            }
            catch (Exception e)
            {
                logger.MailboxUnreachable(e);
            }
        }
    }

    private async Task WriteAsync(List<(Guid Id, string Reply)> batch)
    {
        await using var write = database.CreateCommand(
            """
            WITH put AS (
                INSERT INTO sweep_reply (id, reply) SELECT * FROM unnest($1, $2)
                ON CONFLICT (id) DO UPDATE SET reply = excluded.reply)
            SELECT pg_notify('sweep_reply', '')
            """);
        write.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Uuid, batch.ConvertAll(reply => reply.Id).ToArray());
        write.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Text, batch.ConvertAll(reply => reply.Reply).ToArray());
        await write.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private async Task WaitAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(closing.Token);
        using var onTime = new CancellationTokenSource(Poll, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, onTime.Token);
        try
        {
            await wake.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // Time to look, or closing.
        }
    }
}
