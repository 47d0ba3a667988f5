using System.Globalization;
using Npgsql;

namespace Grains.Schema;

/// <summary>
/// The PostgreSQL tables in which silos find each other and keep reminders, and the queries by which Orleans' ADO.NET providers reach them:
/// the providers look up every statement by its key in the table <c>OrleansQuery</c>, and read results by column name.
/// </summary>
public static class ClusterSchema
{
    // Any number will do, as long as nothing else in the database takes it: the letters "silo".
    private const long LockKey = 0x73696C6F;

    private static readonly string[] Migrations = [ClusterTables.Version1];

    /// <summary>The version this program writes and understands.</summary>
    public static int Version => Migrations.Length;

    /// <summary>
    /// Creates or migrates the schema in one transaction. Harmless to repeat, and safe when several do it at once. Returns the version that
    /// was there before, 0 when there was none. Throws <see cref="InvalidOperationException"/> when a newer program wrote it.
    /// </summary>
    public static async Task<int> ApplyAsync(NpgsqlDataSource source, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({LockKey.ToString(CultureInfo.InvariantCulture)})", cancel);
        await ExecuteAsync(connection, ClusterTables.Versions, cancel);
        var found = await ReadVersionAsync(connection, cancel);
        if (found > Version)
            throw new InvalidOperationException(
                $"The cluster tables in the database have version {found}, and this program knows up to {Version}: a newer one made them. "
                + "Use that version, or a newer one.");
        for (var version = found + 1; version <= Version; version++)
        {
            await ExecuteAsync(connection, Migrations[version - 1], cancel);
            await WriteVersionAsync(connection, version, cancel);
        }
        if (found < Version)
            foreach (var (key, text) in MembershipQueries.All.Concat(ReminderQueries.All))
                await WriteQueryAsync(connection, key, text, cancel);
        await transaction.CommitAsync(cancel);
        return found;
    }

    private static async Task<int> ReadVersionAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("SELECT coalesce(max(version), 0) FROM cluster_schema", connection);
        return (int)(await command.ExecuteScalarAsync(cancel))!;
    }

    private static async Task WriteVersionAsync(NpgsqlConnection connection, int version, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("INSERT INTO cluster_schema (version) VALUES ($1)", connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = version });
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static async Task WriteQueryAsync(NpgsqlConnection connection, string key, string text, CancellationToken cancel)
    {
        const string upsert = "INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ($1, $2) ON CONFLICT (QueryKey) DO UPDATE SET QueryText = $2";
        await using var command = new NpgsqlCommand(upsert, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = text });
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
