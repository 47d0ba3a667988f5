using Client.Sources;
using Grains;
using Grains.Schema;
using Npgsql;
using Sweeps.Log.Postgres;

namespace Client.Cluster;

/// <summary>How <c>--cluster</c> is understood in the build with Orleans.</summary>
public static class ClusterConnection
{
    /// <summary>Whether this build has Orleans.</summary>
    public const bool HasOrleans = true;

    /// <summary>The source for <c>--cluster</c>. Certificates come from the environment, as the silos' do.</summary>
    public static IClusterSource Open(string gateways, Func<string, string?> environment)
    {
        string?[] files = [environment("SWEEP_TLS_CERTIFICATE"), environment("SWEEP_TLS_KEY"), environment("SWEEP_TLS_AUTHORITY")];
        var certificates = files is [{ } certificate, { } key, { } authority]
            ? new ClusterCertificates(certificate, key, authority, environment("SWEEP_TLS_HOST") ?? "sweeps-silo")
            : null;
        if (certificates is null && files.Any(file => file is not null))
            throw new UsageException("SWEEP_TLS_CERTIFICATE, SWEEP_TLS_KEY and SWEEP_TLS_AUTHORITY go together: set all three or none.");
        return new OrleansSource(gateways, environment("SWEEP_CLUSTER_ID") ?? "sweeps", certificates);
    }

    /// <summary>Creates or migrates every table of a store.</summary>
    public static async Task InitializeStoreAsync(NpgsqlDataSource database, CancellationToken cancel)
    {
        await PostgresSchema.InitializeAsync(database, cancel);
        await ClusterSchema.ApplyAsync(database, cancel);
    }
}
