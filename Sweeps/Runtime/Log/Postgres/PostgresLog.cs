using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;
using Sweeps.Core;
using Sweeps.Log.Json;

namespace Sweeps.Log.Postgres;

/// <summary>
/// Keeps logs in the table <c>sweep_event</c>. An append is one statement, which its condition and the primary key make a compare-and-swap.
/// </summary>
public sealed class PostgresLog(NpgsqlDataSource database) : IEventLog
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel) => NamesAsync(
        "SELECT sweep_id FROM sweep_event WHERE type = 'sweep_created' AND seq = 1 ORDER BY at DESC, sweep_id", cancel);

    /// <summary>
    /// Returns the sweeps that have not ended, or were steered after their end other than by annotations, newest first. The query reads only events of a
    /// partial index. It does not return ended sweeps whose test part or <c>on_end</c> is open: their reminder in the database activates them.
    /// </summary>
    public Task<IReadOnlyList<string>> ActiveAsync(CancellationToken cancel) => NamesAsync(
        """
        SELECT c.sweep_id
        FROM sweep_event c
        CROSS JOIN LATERAL (
            SELECT m.type FROM sweep_event m
            WHERE m.sweep_id = c.sweep_id AND m.type IN ('sweep_created', 'sweep_steered', 'sweep_ended')
                AND NOT (m.type = 'sweep_steered' AND m.payload -> 'action' ->> 'kind' IN ('rename', 'note', 'tag', 'untag'))
            ORDER BY m.seq DESC LIMIT 1) AS milestone
        WHERE c.type = 'sweep_created' AND c.seq = 1
            AND milestone.type <> 'sweep_ended'
        ORDER BY c.at DESC, c.sweep_id
        """, cancel);

    /// <inheritdoc/>
    public async IAsyncEnumerable<LoggedEvent> ReadAsync(
        string sweep, long afterSeq, [EnumeratorCancellation] CancellationToken cancel, int limit = int.MaxValue)
    {
        await using var command = database.CreateCommand(
            "SELECT seq, at, type, payload FROM sweep_event WHERE sweep_id = $1 AND seq > $2 ORDER BY seq LIMIT $3");
        command.Parameters.AddWithValue(sweep);
        command.Parameters.AddWithValue(afterSeq);
        command.Parameters.AddWithValue((long)limit);
        await foreach (var logged in EventsAsync(command, cancel))
            yield return logged;
    }

    /// <inheritdoc/>
    public async Task AppendAsync(string sweep, IReadOnlyList<LoggedEvent> events, CancellationToken cancel)
    {
        if (events.Count == 0)
            return;
        await using var command = database.CreateCommand(
            """
            INSERT INTO sweep_event (sweep_id, seq, at, type, payload)
            SELECT $1, e.seq, e.at, e.type, e.payload FROM unnest($2, $3, $4, $5) AS e (seq, at, type, payload)
            WHERE (SELECT coalesce(max(seq), 0) FROM sweep_event WHERE sweep_id = $1) = $6
            """);
        var parameters = command.Parameters;
        parameters.AddWithValue(sweep);
        parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Bigint, events.Select(e => e.Seq).ToArray());
        parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, events.Select(e => e.At.UtcDateTime).ToArray());
        parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Text, events.Select(e => EventFormat.Name(e.Event)).ToArray());
        parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Jsonb, Payloads(events));
        parameters.AddWithValue(events[0].Seq - 1);
        try
        {
            if (await command.ExecuteNonQueryAsync(cancel) != events.Count)
                throw new LogConflictException(sweep, events[0].Seq);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw new LogConflictException(sweep, events[0].Seq);
        }
        catch (PostgresException e) when (e.SqlState.StartsWith("22", StringComparison.Ordinal) || e.SqlState.StartsWith("54", StringComparison.Ordinal))
        {
            // Classes 22 (data exception) and 54 (program limit exceeded).
            throw new EventRefusedException(sweep, e.MessageText, e);
        }
    }

    /// <inheritdoc/>
    public async Task<LogSnapshot?> ReadSnapshotAsync(string sweep, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("SELECT seq, payload FROM sweep_snapshot WHERE sweep_id = $1");
        command.Parameters.AddWithValue(sweep);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        return await rows.ReadAsync(cancel) ? new LogSnapshot(rows.GetInt64(0), rows.GetFieldValue<byte[]>(1)) : null;
    }

    /// <inheritdoc/>
    public async Task WriteSnapshotAsync(string sweep, LogSnapshot snapshot, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            INSERT INTO sweep_snapshot (sweep_id, seq, payload) VALUES ($1, $2, $3)
            ON CONFLICT (sweep_id) DO UPDATE SET seq = excluded.seq, payload = excluded.payload WHERE sweep_snapshot.seq < excluded.seq
            """);
        command.Parameters.AddWithValue(sweep);
        command.Parameters.AddWithValue(snapshot.Seq);
        command.Parameters.AddWithValue(NpgsqlDbType.Bytea, snapshot.Payload);
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Checks that the database accepts writes, by inserting an event and rolling back. Throws the exception of Npgsql if it does not.</summary>
    public async Task ProbeAsync(CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // The key is unique, so that concurrent probes of two nodes do not wait for each other's transaction.
        await using var insert = new NpgsqlCommand(
            "INSERT INTO sweep_event (sweep_id, seq, at, type, payload) VALUES ($1, 0, now(), 'probe', '{}')", connection, transaction);
        insert.Parameters.AddWithValue(Guid.NewGuid().ToString());
        await insert.ExecuteNonQueryAsync(cancel);
        await transaction.RollbackAsync(cancel);
    }

    private static async IAsyncEnumerable<LoggedEvent> EventsAsync(NpgsqlCommand command, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var reader = new EventReader();
        while (await rows.ReadAsync(cancel))
            yield return reader.Payload(
                rows.GetInt64(0), rows.GetFieldValue<DateTimeOffset>(1), rows.GetString(2), rows.GetFieldValue<byte[]>(3));
    }

    private static string[] Payloads(IReadOnlyList<LoggedEvent> events)
    {
        using var writer = new EventWriter();
        var payloads = new string[events.Count];
        for (var i = 0; i < payloads.Length; i++)
        {
            writer.Clear();
            writer.Payload(events[i].Event);
            payloads[i] = System.Text.Encoding.UTF8.GetString(writer.Written.Span);
        }
        return payloads;
    }

    private async Task<IReadOnlyList<string>> NamesAsync(string sql, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(sql);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var names = new List<string>();
        while (await rows.ReadAsync(cancel))
            names.Add(rows.GetString(0));
        return names;
    }
}
