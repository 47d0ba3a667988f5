using System.Net;
using Grains;
using Grains.Schema;
using Npgsql;
using OpenTelemetry.Metrics;
using Orleans.Runtime;
using Silo.Options;
using Silo.Orleans;
using Sweeps.Log.Postgres;
using Sweeps.Telemetry;

namespace Silo;

/// <summary>What makes silos a cluster, in the build with Orleans: Orleans, or PostgreSQL alone when asked for.</summary>
internal static class ClusterEngine
{
    public const bool HasOrleans = true;

    public static string Name(SiloOptions options) => options.Engine ?? "orleans";

    public static void Add(WebApplicationBuilder builder, SiloOptions options, IPAddress address)
    {
        SiloStore.Add(builder.Services, options);
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(SweepMetrics.MeterName, "Microsoft.Orleans", "System.Runtime").AddPrometheusExporter());
        if (Name(options) == "postgres")
        {
            PostgresEngine.Add(builder.Services);
            return;
        }
        builder.Host.UseOrleans(silo => OrleansEngine.Configure(silo, options, address));
        OrleansNode.Add(builder.Services);
        builder.Services.AddHostedService<MembershipWatcher>();
    }

    public static void MapMetrics(WebApplication app) => app.MapPrometheusScrapingEndpoint("/metrics");

    public static async Task InitializeStoreAsync(NpgsqlDataSource database, CancellationToken cancel)
    {
        await PostgresSchema.InitializeAsync(database, cancel);
        await ClusterSchema.ApplyAsync(database, cancel);
    }
}
