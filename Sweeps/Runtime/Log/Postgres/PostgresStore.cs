using Npgsql;

namespace Sweeps.Log.Postgres;

/// <summary>
/// The database that the connection string of <c>--store</c> names. It holds logs, snapshots, checkpoints, data sets, and the code, output and files
/// of programs.
/// </summary>
public static class PostgresStore
{
    private const string AutoPrepare = "Max Auto Prepare", PoolSize = "Maximum Pool Size";

    /// <summary>Creates, migrates and checks the tables.</summary>
    public static PostgresMigrator Migrator { get; } = new("tables", "sweep_schema", 0x5357454550, [Script(1), Script(2), Script(3), Script(4), Script(5)]);

    /// <summary>
    /// Creates a data source with at most 20 connections and at most 20 automatically prepared statements per connection, because the store sends the same
    /// few statements thousands of times per second. <c>Maximum Pool Size</c> and <c>Max Auto Prepare</c> of the connection string take precedence.
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
