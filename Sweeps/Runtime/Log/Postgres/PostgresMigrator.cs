using Npgsql;

namespace Sweeps.Log.Postgres;

/// <summary>
/// Creates and migrates a set of tables with numbered scripts. The table <paramref name="versions"/> holds the version of the set: the number of
/// scripts that were applied.
/// </summary>
/// <param name="tables">The name of the set in messages.</param>
/// <param name="versions">The name of the table with the version.</param>
/// <param name="lockKey">The key of the advisory lock. It must be unique per set and the same in every version of the program.</param>
/// <param name="scripts">The scripts, in order. A released script never changes; a change of the tables is a new script.</param>
public sealed class PostgresMigrator(string tables, string versions, long lockKey, IReadOnlyList<string> scripts)
{
    /// <summary>The version that this program requires.</summary>
    public int Version => scripts.Count;

    /// <summary>
    /// Migrates the database to <see cref="Version"/> in one transaction; concurrent calls wait for each other. Returns the version before, 0 if there
    /// were no tables. Throws <see cref="InvalidOperationException"/> if the database has a newer version.
    /// </summary>
    public async Task<int> ApplyAsync(NpgsqlDataSource database, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({lockKey})", cancel);
        await ExecuteAsync(connection, $"CREATE TABLE IF NOT EXISTS {versions} (version int NOT NULL)", cancel);
        var found = await ReadVersionAsync(connection, cancel);
        if (found > Version)
            throw Newer(found);
        foreach (var script in scripts.Skip(found))
            await ExecuteAsync(connection, script, cancel);
        if (found < Version)
            await ExecuteAsync(connection, $"INSERT INTO {versions} (version) VALUES ({Version})", cancel);
        await transaction.CommitAsync(cancel);
        return found;
    }

    /// <summary>Throws <see cref="InvalidOperationException"/>, whose message says what to do, if the database does not have <see cref="Version"/>.</summary>
    public async Task CheckAsync(NpgsqlDataSource database, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var exists = new NpgsqlCommand($"SELECT to_regclass('{versions}') IS NOT NULL", connection);
        var found = await exists.ExecuteScalarAsync(cancel) is true ? await ReadVersionAsync(connection, cancel) : 0;
        if (found > Version)
            throw Newer(found);
        if (found < Version)
            throw new InvalidOperationException(
                $"The database '{connection.Database}' on {connection.Host} has version {found} of the {tables}; this program needs {Version}. "
                + "Run `sweep store init` with the same --store first.");
    }

    private InvalidOperationException Newer(int found) => new(
        $"The database has version {found} of the {tables}; this program ({Product.Version}) knows up to {Version}. Use the version of the "
        + "program that migrated it, or a newer one.");

    private async Task<int> ReadVersionAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand($"SELECT coalesce(max(version), 0) FROM {versions}", connection);
        return (int)(await command.ExecuteScalarAsync(cancel))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
