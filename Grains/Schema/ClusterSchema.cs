using Sweeps.Log.Postgres;

namespace Grains.Schema;

/// <summary>
/// The PostgreSQL tables in which silos find each other and keep reminders, and the queries by which Orleans' ADO.NET providers reach them:
/// the providers look up every statement by its key in the table <c>OrleansQuery</c>, and read results by column name.
/// </summary>
public static class ClusterSchema
{
    /// <summary>Creates and migrates the tables and queries.</summary>
    public static PostgresMigrator Migrator { get; } = new("cluster tables", "cluster_schema", 0x73696C6F, [ClusterTables.Version1 + Queries()]);

    private static string Queries() => string.Concat(MembershipQueries.All.Concat(ReminderQueries.All).Select(query =>
        $"INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ($query${query.Key}$query$, $query${query.Value}$query$);\n"));
}
