using Npgsql;

namespace Sweeps.Log.Postgres;

/// <summary>The database that a <c>--store</c> connection string names: logs, snapshots, checkpoints, data sets.</summary>
public static class PostgresStore
{
    private const string AutoPrepare = "Max Auto Prepare", PoolSize = "Maximum Pool Size";

    /// <summary>Creates, migrates and checks the tables.</summary>
    public static PostgresMigrator Migrator { get; } = new("tables", "sweep_schema", 0x5357454550, [Script(1), Script(2), Script(3), Script(4), Script(5)]);

    /// <summary>
    /// Creates a data source with at most 20 connections and at most 20 prepared statements per connection: the store sends the same few
    /// statements thousands of times per second. The connection string may set <c>Maximum Pool Size</c> and <c>Max Auto Prepare</c> itself.
    /// </summary>
    public static NpgsqlDataSource Open(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        if (!builder.ShouldSerialize(AutoPrepare))
            builder.MaxAutoPrepare = 20;
        if (!builder.ShouldSerialize(PoolSize))
            builder.MaxPoolSize = 20;
        return NpgsqlDataSource.Create(builder);
    }

    /// <summary>The script that migrates the tables from the previous version to <paramref name="version"/>.</summary>
    internal static string Script(int version)
    {
        using var stream = typeof(PostgresStore).Assembly.GetManifestResourceStream($"Sweeps.Log.Postgres.Schema{version}.sql")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
