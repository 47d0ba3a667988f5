using Npgsql;

namespace Sweeps.Hosting.Postgres;

/// <summary>A PostgreSQL node as it is listed.</summary>
/// <param name="Node">Its name, unique per process start.</param>
/// <param name="Slots">Its slots.</param>
/// <param name="Busy">Slots that train.</param>
/// <param name="Draining">It asks for no more work.</param>
/// <param name="Since">When it came.</param>
/// <param name="Seen">When it was last heard of.</param>
public sealed record PostgresNodeView(string Node, int Slots, int Busy, bool Draining, DateTimeOffset Since, DateTimeOffset Seen);

/// <summary>The tables of nodes and leaders. All times are the database's clock.</summary>
public sealed class PostgresNodes(NpgsqlDataSource database)
{
    /// <summary>A node unheard of for this long is taken for dead, and its leadership is free: three renewals.</summary>
    private const string Lease = "interval '3 seconds'";

    /// <summary>Says that a node is there. True when a person has asked it to drain.</summary>
    public async Task<bool> AnnounceAsync(string node, int slots, int busy, bool draining, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            INSERT INTO sweep_node (node, slots, busy, draining) VALUES ($1, $2, $3, $4)
            ON CONFLICT (node) DO UPDATE SET slots = excluded.slots, busy = excluded.busy, draining = excluded.draining, seen = now()
            RETURNING drain_requested
            """);
        command.Parameters.AddWithValue(node);
        command.Parameters.AddWithValue(slots);
        command.Parameters.AddWithValue(busy);
        command.Parameters.AddWithValue(draining);
        return (bool)(await command.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>Forgets a node that leaves, and frees what it led.</summary>
    public async Task LeaveAsync(string node, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            "WITH gone AS (DELETE FROM sweep_leader WHERE node = $1) DELETE FROM sweep_node WHERE node = $1");
        command.Parameters.AddWithValue(node);
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Takes or renews the leadership of sweeps; those that were got. Whoever wrongly believes to lead is stopped by the log.</summary>
    public async Task<IReadOnlySet<string>> LeadAsync(string node, IEnumerable<string> sweeps, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            $"""
            INSERT INTO sweep_leader (sweep_id, node, until)
            SELECT s, $1, now() + {Lease} FROM unnest($2) AS s ORDER BY s
            ON CONFLICT (sweep_id) DO UPDATE SET node = excluded.node, until = excluded.until
            WHERE sweep_leader.node = excluded.node OR sweep_leader.until < now()
            RETURNING sweep_id
            """);
        command.Parameters.AddWithValue(node);
        command.Parameters.AddWithValue(sweeps.ToArray());
        return (await NamesAsync(command, cancel)).ToHashSet();
    }

    /// <summary>Nodes that have come and been silent for the lease time: dead, frozen, or cut off.</summary>
    public async Task<IReadOnlyList<string>> SilentAsync(CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            $"""
            WITH old AS (DELETE FROM sweep_node WHERE seen < now() - interval '1 hour')
            SELECT node FROM sweep_node WHERE seen < now() - {Lease} ORDER BY node
            """);
        return await NamesAsync(command, cancel);
    }

    /// <summary>The nodes that are there.</summary>
    public async Task<IReadOnlyList<PostgresNodeView>> ListAsync(CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            $"SELECT node, slots, busy, draining, since, seen FROM sweep_node WHERE seen >= now() - {Lease} ORDER BY node");
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var nodes = new List<PostgresNodeView>();
        while (await rows.ReadAsync(cancel))
            nodes.Add(new PostgresNodeView(
                rows.GetString(0), rows.GetInt32(1), rows.GetInt32(2), rows.GetBoolean(3), rows.GetFieldValue<DateTimeOffset>(4),
                rows.GetFieldValue<DateTimeOffset>(5)));
        return nodes;
    }

    /// <summary>Asks a node to drain, which it hears within a second. False when there is no such node.</summary>
    public async Task<bool> DrainAsync(string node, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("UPDATE sweep_node SET drain_requested = true WHERE node = $1");
        command.Parameters.AddWithValue(node);
        return await command.ExecuteNonQueryAsync(cancel) == 1;
    }

    private static async Task<List<string>> NamesAsync(NpgsqlCommand command, CancellationToken cancel)
    {
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var names = new List<string>();
        while (await rows.ReadAsync(cancel))
            names.Add(rows.GetString(0));
        return names;
    }
}
