namespace Grains.Schema;

/// <summary>
/// The tables. Only <c>OrleansQuery</c> and its columns have names that Orleans knows; the others are named in our queries alone.
/// Times are <c>timestamptz</c>: the driver sends UTC times as that type and no other.
/// </summary>
internal static class ClusterTables
{
    /// <summary>Queries, members under a version number that every change must name, reminders.</summary>
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
