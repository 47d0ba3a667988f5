namespace Grains.Schema;

/// <summary>
/// What the clustering provider asks. A change of the member list names the version it has seen and raises it by one; when somebody else was
/// faster, nothing happens and the answer is false. The row of the version is locked first, so that of two changes one waits and then fails.
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

    /// <summary>Key → statement.</summary>
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

        // Says only that the silo is there: the member list, and with it its version, stays what it was.
        ["UpdateIAmAlivetimeKey"] = $"UPDATE cluster_silo SET alive_at = @IAmAliveTime WHERE {Member}",

        // The version is wanted even when there is no such silo: hence conditions on the outer join.
        ["MembershipReadRowKey"] =
            $"{Select} AND s.address = @Address AND s.port = @Port AND s.generation = @Generation WHERE c.cluster_id = @DeploymentId",

        ["MembershipReadAllKey"] = $"{Select} WHERE c.cluster_id = @DeploymentId",

        ["GatewaysQueryKey"] = """
            SELECT address AS Address, gateway_port AS ProxyPort, generation AS Generation
            FROM cluster_silo WHERE cluster_id = @DeploymentId AND status = @Status AND gateway_port > 0
            """,

        // 3 is the number of an active silo: one of those is declared dead first.
        ["CleanupDefunctSiloEntriesKey"] =
            "DELETE FROM cluster_silo WHERE cluster_id = @DeploymentId AND alive_at < @IAmAliveTime AND status <> 3",

        ["DeleteMembershipTableEntriesKey"] = "DELETE FROM cluster WHERE cluster_id = @DeploymentId",
    };
}
