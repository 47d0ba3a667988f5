using Sweeps.Log.Postgres;

namespace Grains.Schema;

/// <summary>
/// The PostgreSQL tables for the membership and the reminders of the cluster, and the queries of Orleans' ADO.NET providers: the providers look up
/// every statement by its key in the table <c>OrleansQuery</c> and read results by column name.
/// </summary>
public static class ClusterSchema
{
    /// <summary>Creates and migrates the tables and queries.</summary>
    public static PostgresMigrator Migrator { get; } = new("cluster tables", "cluster_schema", 0x73696C6F, [ClusterTables.Version1 + Queries()]);

    private static string Queries() => string.Concat(MembershipQueries.All.Concat(ReminderQueries.All).Select(query =>
        $"INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ($query${query.Key}$query$, $query${query.Value}$query$);\n"));
}

/// <summary>
/// The tables. Orleans requires the names of <c>OrleansQuery</c> and its columns; only the queries below use the other names. Times are
/// <c>timestamptz</c>, because Npgsql sends UTC times only as that type.
/// </summary>
internal static class ClusterTables
{
    /// <summary>The tables of the queries, of the members with a version number for optimistic concurrency, and of the reminders.</summary>
    public const string Version1 = """
        CREATE TABLE OrleansQuery (
            QueryKey text PRIMARY KEY,
            QueryText text NOT NULL);

        CREATE TABLE cluster (
            cluster_id text PRIMARY KEY,
            version integer NOT NULL DEFAULT 0,
            changed_at timestamptz NOT NULL DEFAULT now());

        CREATE TABLE cluster_silo (
            cluster_id text NOT NULL REFERENCES cluster ON DELETE CASCADE,
            address text NOT NULL,
            port integer NOT NULL,
            generation integer NOT NULL,
            name text NOT NULL,
            host text NOT NULL,
            status integer NOT NULL,
            gateway_port integer NOT NULL,
            suspicions text,
            started_at timestamptz NOT NULL,
            alive_at timestamptz NOT NULL,
            PRIMARY KEY (cluster_id, address, port, generation));

        CREATE TABLE cluster_reminder (
            service_id text NOT NULL,
            grain_id text NOT NULL,
            name text NOT NULL,
            grain_hash integer NOT NULL,
            starts_at timestamptz NOT NULL,
            period_ms bigint NOT NULL,
            version integer NOT NULL DEFAULT 0,
            PRIMARY KEY (service_id, grain_id, name));

        CREATE INDEX cluster_reminder_by_hash ON cluster_reminder (service_id, grain_hash);
        """;
}

/// <summary>
/// The queries of the clustering provider. A change of the member list passes the version that it has read and increments it. If the version has changed
/// meanwhile, the query changes no row and returns false. The update of the version locks its row first, so that the second of two concurrent changes
/// waits and then returns false.
/// </summary>
internal static class MembershipQueries
{
    private const string Member = "cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation";

    private const string Select = """
        SELECT s.address AS Address, s.port AS Port, s.generation AS Generation, s.name AS SiloName, s.host AS HostName, s.status AS Status,
            s.gateway_port AS ProxyPort, s.suspicions AS SuspectTimes, s.started_at AS StartTime, s.alive_at AS IAmAliveTime,
            c.version AS Version
        FROM cluster c LEFT JOIN cluster_silo s ON s.cluster_id = c.cluster_id
        """;

    /// <summary>The statements by key.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["InsertMembershipVersionKey"] = """
            WITH added AS (INSERT INTO cluster (cluster_id) VALUES (@DeploymentId) ON CONFLICT DO NOTHING RETURNING 1)
            SELECT EXISTS (SELECT FROM added)
            """,

        ["InsertMembershipKey"] = $"""
            WITH raised AS (
                UPDATE cluster SET version = version + 1, changed_at = now()
                WHERE cluster_id = @DeploymentId AND version = @Version AND NOT EXISTS (SELECT FROM cluster_silo WHERE {Member})
                RETURNING cluster_id),
            added AS (
                INSERT INTO cluster_silo
                    (cluster_id, address, port, generation, name, host, status, gateway_port, started_at, alive_at)
                SELECT cluster_id, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
                FROM raised
                RETURNING 1)
            SELECT EXISTS (SELECT FROM added)
            """,

        ["UpdateMembershipKey"] = $"""
            WITH raised AS (
                UPDATE cluster SET version = version + 1, changed_at = now()
                WHERE cluster_id = @DeploymentId AND version = @Version AND EXISTS (SELECT FROM cluster_silo WHERE {Member})
                RETURNING 1),
            changed AS (
                UPDATE cluster_silo SET status = @Status, suspicions = @SuspectTimes, alive_at = @IAmAliveTime
                WHERE {Member} AND EXISTS (SELECT FROM raised)
                RETURNING 1)
            SELECT EXISTS (SELECT FROM changed)
            """,

        // IAmAlive does not change the member list, so the version stays.
        ["UpdateIAmAlivetimeKey"] = $"UPDATE cluster_silo SET alive_at = @IAmAliveTime WHERE {Member}",

        // The conditions on the silo are part of the outer join, because the provider needs the version even if the silo does not exist.
        ["MembershipReadRowKey"] =
            $"{Select} AND s.address = @Address AND s.port = @Port AND s.generation = @Generation WHERE c.cluster_id = @DeploymentId",

        ["MembershipReadAllKey"] = $"{Select} WHERE c.cluster_id = @DeploymentId",

        ["GatewaysQueryKey"] = """
            SELECT address AS Address, gateway_port AS ProxyPort, generation AS Generation
            FROM cluster_silo WHERE cluster_id = @DeploymentId AND status = @Status AND gateway_port > 0
            """,

        // 3 is SiloStatus.Active. The row of an active silo stays until the silo is declared dead.
        ["CleanupDefunctSiloEntriesKey"] =
            "DELETE FROM cluster_silo WHERE cluster_id = @DeploymentId AND alive_at < @IAmAliveTime AND status <> 3",

        ["DeleteMembershipTableEntriesKey"] = "DELETE FROM cluster WHERE cluster_id = @DeploymentId",
    };
}

/// <summary>The queries of the reminder provider. The version of a row is its ETag, which a deletion must pass.</summary>
internal static class ReminderQueries
{
    private const string Select = """
        SELECT grain_id AS GrainId, name AS ReminderName, starts_at AS StartTime, period_ms AS Period, version AS Version
        FROM cluster_reminder WHERE service_id = @ServiceId
        """;

    /// <summary>The statements by key.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["ReadReminderRowsKey"] = $"{Select} AND grain_id = @GrainId",

        ["ReadReminderRowKey"] = $"{Select} AND grain_id = @GrainId AND name = @ReminderName",

        // Ranges are on the hash ring: they exclude the beginning, include the end, and may wrap around.
        ["ReadRangeRows1Key"] = $"{Select} AND grain_hash > @BeginHash AND grain_hash <= @EndHash",
        ["ReadRangeRows2Key"] = $"{Select} AND (grain_hash > @BeginHash OR grain_hash <= @EndHash)",

        ["UpsertReminderRowKey"] = """
            INSERT INTO cluster_reminder AS r (service_id, grain_id, name, grain_hash, starts_at, period_ms)
            VALUES (@ServiceId, @GrainId, @ReminderName, @GrainHash, @StartTime, @Period)
            ON CONFLICT (service_id, grain_id, name) DO UPDATE
            SET grain_hash = excluded.grain_hash, starts_at = excluded.starts_at, period_ms = excluded.period_ms, version = r.version + 1
            RETURNING version AS Version
            """,

        ["DeleteReminderRowKey"] = """
            WITH deleted AS (
                DELETE FROM cluster_reminder
                WHERE service_id = @ServiceId AND grain_id = @GrainId AND name = @ReminderName AND version = @Version
                RETURNING 1)
            SELECT EXISTS (SELECT FROM deleted)
            """,

        ["DeleteReminderRowsKey"] = "DELETE FROM cluster_reminder WHERE service_id = @ServiceId",
    };
}
