using Npgsql;

namespace Sweeps.Log.Postgres;

/// <summary>Opens the database that a <c>--store</c> connection string names.</summary>
public static class PostgresStore
{
    private const string AutoPrepare = "Max Auto Prepare", PoolSize = "Maximum Pool Size";

    /// <summary>
    /// A data source with at most 20 connections, which plans a statement once per connection instead of each time: the same few are sent
    /// thousands of times a second. A connection string that says something else about <c>Maximum Pool Size</c> or <c>Max Auto Prepare</c> is
    /// obeyed.
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
}
