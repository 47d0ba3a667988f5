using System.Net;
using Npgsql;
using Silo.Options;
using Sweeps.Log.Postgres;
using Sweeps.Telemetry;

namespace Silo;

/// <summary>What makes silos a cluster, in the build without Orleans: PostgreSQL alone.</summary>
internal static class ClusterEngine
{
    public const bool HasOrleans = false;

    public static string Name(SiloOptions options) => options.Engine ?? "postgres";

    public static void Add(WebApplicationBuilder builder, SiloOptions options, IPAddress address)
    {
        SiloStore.Add(builder.Services, options);
        builder.Services.AddSingleton(_ => new PrometheusText(SweepMetrics.MeterName, "System.Runtime"));
        PostgresEngine.Add(builder.Services);
    }

    public static void MapMetrics(WebApplication app)
    {
        var text = app.Services.GetRequiredService<PrometheusText>();
        app.MapGet("/metrics", () => Results.Text(text.Scrape(), PrometheusText.ContentType));
    }

    public static async Task InitializeStoreAsync(NpgsqlDataSource database, CancellationToken cancel) =>
        await PostgresSchema.InitializeAsync(database, cancel);
}
