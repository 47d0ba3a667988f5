namespace Grains.Schema;

/// <summary>What the reminder provider asks. A row's version is its tag: a deletion names the one it has seen.</summary>
internal static class ReminderQueries
{
    private const string Select = """
        SELECT grain_id AS GrainId, name AS ReminderName, starts_at AS StartTime, period_ms AS Period, version AS Version
        FROM cluster_reminder WHERE service_id = @ServiceId
        """;

    /// <summary>Key → statement.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["ReadReminderRowsKey"] = $"{Select} AND grain_id = @GrainId",

        ["ReadReminderRowKey"] = $"{Select} AND grain_id = @GrainId AND name = @ReminderName",

        // Hashes lie on a ring: a range holds its end and not its beginning, and may wrap around.
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
