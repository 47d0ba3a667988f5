namespace Sweeps.Log.Postgres;

/// <summary>The tables of a PostgreSQL store: logs, snapshots, checkpoints, data sets.</summary>
public static class PostgresSchema
{
    /// <summary>Creates, migrates and checks the tables.</summary>
    public static PostgresMigrator Migrator { get; } = new("tables", "sweep_schema", 0x5357454550, [Script(1), Script(2), Script(3)]);

    /// <summary>The script that makes a version of the tables from the version before it.</summary>
    internal static string Script(int version)
    {
        using var stream = typeof(PostgresSchema).Assembly.GetManifestResourceStream($"Sweeps.Log.Postgres.Schema{version}.sql")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
