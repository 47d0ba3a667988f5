using Client.Sources;
using Npgsql;
using Sweeps.Log.Postgres;

namespace Client.Cluster;

/// <summary>How <c>--cluster</c> is understood in the build without Orleans: not at all.</summary>
public static class ClusterConnection
{
    /// <summary>Whether this build has Orleans.</summary>
    public const bool HasOrleans = false;

    /// <summary>Throws <see cref="UsageException"/>: there is nothing to connect with.</summary>
    public static IClusterSource Open(string gateways, Func<string, string?> environment) => throw new UsageException(
        $"--cluster {gateways}: this client was built without Orleans, whose packages could not be restored. Reach the cluster through its "
        + "database instead: --store \"Host=…\".");

    /// <summary>Creates or migrates every table of a store.</summary>
    public static async Task InitializeStoreAsync(NpgsqlDataSource database, CancellationToken cancel) =>
        await PostgresSchema.InitializeAsync(database, cancel);
}
