using System.Collections.Concurrent;
using System.Threading.Channels;
using Npgsql;
using NpgsqlTypes;
using Sweeps.Core;

namespace Sweeps.Hosting.Postgres;

/// <summary>
/// The sending side of the mailbox between nodes: commands are rows that the sweep's leader takes, replies are rows that the sender takes. A
/// leader that dies with a command in its hands answers nothing, so a command without a reply is put there again: every command may be repeated.
/// </summary>
public sealed class PostgresMailbox : IAsyncDisposable
{
    /// <summary>A leader answers in milliseconds; a new one is found within its lease of three seconds.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    private readonly NpgsqlDataSource database;
    private readonly TimeProvider time;
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource<string>> pending = new();
    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource closing = new();
    private readonly Notifications notifications;
    private readonly Task collecting;

    /// <summary>Begins to listen for replies.</summary>
    public PostgresMailbox(NpgsqlDataSource database, TimeProvider time)
    {
        (this.database, this.time) = (database, time);
        notifications = new Notifications(database, "sweep_reply", time, () => wake.Writer.TryWrite(true));
        collecting = Task.Run(CollectAsync);
    }

    /// <summary>Sends a command to whoever leads the sweep and waits for the reply, until cancelled.</summary>
    public async Task<Reply> SendAsync(string sweep, Command command, CancellationToken cancel)
    {
        var id = Guid.CreateVersion7();
        var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        pending[id] = answer;
        try
        {
            var text = CommandText.Write(command);
            while (true)
            {
                await PutAsync(id, sweep, text, cancel);
                try
                {
                    return CommandText.ReadReply(await answer.Task.WaitAsync(Again, time, cancel));
                }
                catch (TimeoutException)
                {
                    // Taken by a leader that died, or there is no leader yet.
                }
            }
        }
        finally
        {
            pending.TryRemove(id, out _);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await notifications.DisposeAsync();
        await collecting;
        closing.Dispose();
    }

    private async Task PutAsync(Guid id, string sweep, string command, CancellationToken cancel)
    {
        await using var put = database.CreateCommand(
            """
            WITH put AS (INSERT INTO sweep_command (id, sweep_id, command) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING)
            SELECT pg_notify('sweep_command', '')
            """);
        put.Parameters.AddWithValue(id);
        put.Parameters.AddWithValue(sweep);
        put.Parameters.AddWithValue(command);
        await put.ExecuteNonQueryAsync(cancel);
    }

    private async Task CollectAsync()
    {
        while (!closing.IsCancellationRequested)
        {
            try
            {
                if (!pending.IsEmpty)
                    await TakeAsync();
                await WaitAsync();
            }
            catch (Exception) when (closing.IsCancellationRequested)
            {
                return;
            }
            catch (Exception)
            {
                // The database is away: senders go on waiting, and are heard when it is back.
                await WaitAsync();
            }
        }
    }

    private async Task TakeAsync()
    {
        await using var take = database.CreateCommand("DELETE FROM sweep_reply WHERE id = ANY ($1) RETURNING id, reply");
        take.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Uuid, pending.Keys.ToArray());
        await using var rows = await take.ExecuteReaderAsync(closing.Token);
        while (await rows.ReadAsync(closing.Token))
            if (pending.TryGetValue(rows.GetGuid(0), out var answer))
                answer.TrySetResult(rows.GetString(1));
    }

    private async Task WaitAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(closing.Token);
        limit.CancelAfter(Poll);
        try
        {
            await wake.Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // Time to look, or closing.
        }
    }
}
