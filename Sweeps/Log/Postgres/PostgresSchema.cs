using Npgsql;

namespace Sweeps.Log.Postgres;

/// <summary>Creates and migrates the tables. Safe for two at once: the second waits and finds nothing to do.</summary>
public static class PostgresSchema
{
    /// <summary>The version this program works with.</summary>
    public const int Version = 2;

    /// <summary>An arbitrary number that all versions of the program share.</summary>
    private const long LockKey = 0x5357454550;

    private static readonly string[] Steps = ["Schema.sql", "BestWeights.sql"];

    /// <summary>
    /// Brings the database to <see cref="Version"/>: all in one transaction, under an advisory lock. Returns the version found before, 0 for an
    /// empty database. Throws <see cref="InvalidOperationException"/> when a newer program has migrated it further.
    /// </summary>
    public static async Task<int> InitializeAsync(NpgsqlDataSource database, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({LockKey})", cancel);
        await ExecuteAsync(connection, "CREATE TABLE IF NOT EXISTS sweep_schema (version int NOT NULL)", cancel);
        var found = await ReadVersionAsync(connection, cancel);
        if (found > Version)
            throw Newer(found);
        for (var version = found; version < Version; version++)
            await ExecuteAsync(connection, Script(Steps[version]), cancel);
        if (found < Version)
            await ExecuteAsync(connection, $"DELETE FROM sweep_schema; INSERT INTO sweep_schema VALUES ({Version})", cancel);
        await transaction.CommitAsync(cancel);
        return found;
    }

    /// <summary>Throws <see cref="InvalidOperationException"/>, with what to do, when the database is not at <see cref="Version"/>.</summary>
    public static async Task CheckAsync(NpgsqlDataSource database, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var exists = new NpgsqlCommand("SELECT to_regclass('sweep_schema') IS NOT NULL", connection);
        var found = await exists.ExecuteScalarAsync(cancel) is true ? await ReadVersionAsync(connection, cancel) : 0;
        if (found > Version)
            throw Newer(found);
        if (found < Version)
            throw new InvalidOperationException(
                $"The database '{connection.Database}' on {connection.Host} has version {found} of the tables; this program needs {Version}. "
                + "Run `sweep store init` with the same --store first.");
    }

    private static InvalidOperationException Newer(int found) => new(
        $"The database has version {found} of the tables; this program ({Product.Version}) knows up to {Version}. Use the version of the "
        + "program that migrated it, or a newer one.");

    private static async Task<int> ReadVersionAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("SELECT coalesce(max(version), 0) FROM sweep_schema", connection);
        return (int)(await command.ExecuteScalarAsync(cancel))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static string Script(string name)
    {
        using var stream = typeof(PostgresSchema).Assembly.GetManifestResourceStream($"Sweeps.Log.Postgres.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
