using Grains;
using Grains.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Configuration;
using Orleans.Connections.Security;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Cluster.Harness;

/// <summary>Calls silos through their gateways. Each call has its own client, like a command of the command line.</summary>
/// <param name="Tls">Configures TLS of the clients; null for no TLS.</param>
internal sealed record ClusterClient(Action<TlsOptions>? Tls = null)
{
    /// <summary>Creates a sweep.</summary>
    public Task SubmitAsync(ClusterHarness cluster, string sweep, string spec) => AskAsync(cluster, async grains =>
    {
        var directory = grains.GetGrain<ISweepDirectoryGrain>(ISweepDirectoryGrain.Key);
        Assert.Null(await directory.Create(sweep, spec, "points.yaml", "test"));
        return "";
    }, TimeSpan.FromMinutes(1));

    /// <summary>The silo where the coordinator of a sweep is active; null if it is not active. Throws while the cluster is down.</summary>
    public Task<string?> CoordinatorAsync(ClusterHarness cluster, string sweep) => AskAsync(cluster, async grains =>
    {
        var coordinator = grains.GetGrain<ISweepCoordinatorGrain>(GrainKeys.Coordinator(sweep));
        var address = await grains.GetGrain<IManagementGrain>(0).GetActivationAddress(coordinator);
        return address?.ToParsableString();
    });

    /// <summary>The obstacles that keep a sweep from progress.</summary>
    public Task<string[]> ObstaclesAsync(ClusterHarness cluster, string sweep) => AskAsync(
        cluster, grains => grains.GetGrain<ISweepDirectoryGrain>(ISweepDirectoryGrain.Key).Obstacles(sweep));

    /// <summary>Announces a node to the directory twice per second until <paramref name="end"/>, as a silo does.</summary>
    public Task AnnounceAsync(ClusterHarness cluster, NodeMessage node, CancellationToken end) => AskAsync(
        cluster,
        async grains =>
        {
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(0.5));
            while (!end.IsCancellationRequested)
            {
                await grains.GetGrain<ISweepDirectoryGrain>(ISweepDirectoryGrain.Key).Announce(node, CancellationToken.None);
                await timer.WaitForNextTickAsync(CancellationToken.None);
            }
            return "";
        },
        TimeSpan.FromMinutes(3));

    private async Task<T> AskAsync<T>(ClusterHarness cluster, Func<IGrainFactory, Task<T>> ask, TimeSpan? limit = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.UseOrleansClient(client => Secure(client)
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("sweeps", "sweeps"))
            .Configure<ClientMessagingOptions>(options => options.ResponseTimeout = limit ?? TimeSpan.FromSeconds(5))
            .UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = ("Npgsql", cluster.Postgres.ConnectionString())));
        using var host = builder.Build();
        using var patience = new CancellationTokenSource(limit ?? TimeSpan.FromSeconds(20));
        await host.StartAsync(patience.Token).WaitAsync(patience.Token);
        try
        {
            return await ask(host.Services.GetRequiredService<IGrainFactory>()).WaitAsync(patience.Token);
        }
        finally
        {
            await host.StopAsync(patience.Token);
        }
    }

    private IClientBuilder Secure(IClientBuilder client) => Tls is null ? client : client.UseTls(Tls);
}
