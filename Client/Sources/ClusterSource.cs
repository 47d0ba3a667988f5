using System.Net;
using System.Runtime.CompilerServices;
using Grains;
using Grains.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime;
using Sweeps.Core;
using Sweeps.Log;

namespace Client.Sources;

/// <summary>Sweeps of an Orleans cluster, reached through the gateways of its silos.</summary>
public sealed class ClusterSource : ISweepSource
{
    /// <summary>Part of every silo's identity; never changes.</summary>
    private const string ServiceId = "sweeps";

    private const int EventPage = 1000;
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    private readonly string gateways;
    private readonly Lazy<Task<IHost>> host;

    /// <summary>A source for gateways such as <c>10.0.0.1:30000,10.0.0.2:30000</c>. Connects at the first call.</summary>
    public ClusterSource(string gateways, string clusterId, ClusterCertificates? certificates)
    {
        this.gateways = gateways;
        var endpoints = Array.ConvertAll(gateways.Split(','), Endpoint);
        host = new Lazy<Task<IHost>>(() => ConnectAsync(endpoints, clusterId, certificates));
    }

    /// <summary>The source for <c>--cluster</c>. The cluster id and certificates come from the environment variables that silos read too.</summary>
    public static ClusterSource Open(string gateways, Func<string, string?> environment)
    {
        string?[] files = [environment("SWEEP_TLS_CERTIFICATE"), environment("SWEEP_TLS_KEY"), environment("SWEEP_TLS_AUTHORITY")];
        var certificates = files is [{ } certificate, { } key, { } authority]
            ? new ClusterCertificates(certificate, key, authority, environment("SWEEP_TLS_HOST") ?? "sweeps-silo")
            : null;
        if (certificates is null && files.Any(file => file is not null))
            throw new UsageException("SWEEP_TLS_CERTIFICATE, SWEEP_TLS_KEY and SWEEP_TLS_AUTHORITY go together: set all three or none.");
        return new ClusterSource(gateways, environment("SWEEP_CLUSTER_ID") ?? "sweeps", certificates);
    }

    /// <inheritdoc/>
    public string Place => $"the cluster at {gateways}";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel) => await (await DirectoryAsync()).List(cancel);

    /// <inheritdoc/>
    public async IAsyncEnumerable<LoggedEvent> ReadAsync(string sweep, long afterSeq, [EnumeratorCancellation] CancellationToken cancel)
    {
        var coordinator = new GrainCoordinator(await GrainsAsync(), sweep);
        for (var seq = afterSeq; ;)
        {
            var page = await RetryAsync(() => coordinator.EventsAsync(seq, EventPage, cancel), cancel);
            foreach (var logged in page)
                yield return logged;
            if (page.Count < EventPage)
                yield break;
            seq = page[^1].Seq;
        }
    }

    /// <summary>The nodes that take work.</summary>
    public async Task<string?> WorkerAsync(string sweep, CancellationToken cancel)
    {
        var nodes = (await NodesAsync(cancel)).Count(node => !node.Draining);
        return nodes == 0 ? null : nodes == 1 ? "1 node" : $"{nodes} nodes";
    }

    /// <inheritdoc/>
    public Task<Checkpoint?> BestWeightsAsync(string sweep, int run, CancellationToken cancel) =>
        throw new UsageException("Weights are in the cluster's store: name it with --store \"Host=…\" instead of --cluster.");

    /// <inheritdoc/>
    public async Task<SteerReply> SteerAsync(string sweep, SweepSteered wish, CancellationToken cancel) =>
        await new GrainCoordinator(await GrainsAsync(), sweep)
            .SendAsync<SteerReply>(new Steer(default, wish.By, wish.Why, wish.Action), cancel);

    /// <summary>
    /// Creates a sweep under an id that the caller chose, so that a repeated call is harmless. Throws <see cref="UsageException"/> with the
    /// mistakes in the file.
    /// </summary>
    public async Task SubmitAsync(string sweep, string text, string fileName, string by, CancellationToken cancel)
    {
        var directory = await DirectoryAsync();
        if (await RetryAsync(() => directory.Create(sweep, text, fileName, by, cancel), cancel) is { } mistakes)
            throw new UsageException(mistakes);
    }

    /// <summary>The nodes of the cluster, by name.</summary>
    public async Task<IReadOnlyList<NodeMessage>> NodesAsync(CancellationToken cancel)
    {
        var directory = await DirectoryAsync();
        return await RetryAsync(() => directory.Nodes(cancel), cancel);
    }

    /// <summary>Has a node drain, or ask for work again, and returns when it does. False when there is no such node.</summary>
    public async Task<bool> DrainAsync(string node, bool drain, CancellationToken cancel)
    {
        var directory = await DirectoryAsync();
        return await RetryAsync(() => drain ? directory.Drain(node, cancel) : directory.Undrain(node, cancel), cancel);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ObstaclesAsync(string sweep, CancellationToken cancel)
    {
        var directory = await DirectoryAsync();
        return await RetryAsync(() => directory.Obstacles(sweep, cancel), cancel);
    }

    /// <inheritdoc/>
    public async Task<ProgressMessage?> ProgressAsync(string sweep, SweepRun run, CancellationToken cancel)
    {
        if (run.State != RunState.Running)
            return null;
        try
        {
            return await (await GrainsAsync()).GetGrain<ITrainingRunGrain>(GrainKeys.TrainingRun(sweep, run.Number, run.Generation)).Progress(cancel);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            // Its silo has just died, or is cut off: what the log says is shown without it.
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!host.IsValueCreated || !host.Value.IsCompletedSuccessfully)
            return;
        using var connected = await host.Value;
        await connected.StopAsync();
    }

    private static IPEndPoint Endpoint(string gateway) =>
        IPEndPoint.TryParse(gateway, out var endpoint) && endpoint.Port > 0
            ? endpoint
            : throw new UsageException($"--cluster {gateway}: expected the address and gateway port of a silo, such as 127.0.0.1:30000.");

    /// <summary>While a silo's death is being noticed, its grains do not answer; a question can be asked again.</summary>
    private static async Task<T> RetryAsync<T>(Func<Task<T>> ask, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ask();
            }
            catch (Exception e) when (attempt < 20 && !cancel.IsCancellationRequested && e is TimeoutException or OrleansException)
            {
                await Task.Delay(TimeSpan.FromSeconds(0.5), cancel);
            }
        }
    }

    private async Task<IGrainFactory> GrainsAsync() => (await host.Value).Services.GetRequiredService<IGrainFactory>();

    private async Task<ISweepDirectoryGrain> DirectoryAsync() => (await GrainsAsync()).GetGrain<ISweepDirectoryGrain>(ISweepDirectoryGrain.Key);

    private async Task<IHost> ConnectAsync(IPEndPoint[] endpoints, string clusterId, ClusterCertificates? certificates)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client =>
        {
            client.UseStaticClustering(endpoints);
            client.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (clusterId, ServiceId));
            if (certificates is not null)
                client.UseTls(certificates.Apply);
        });
        var connected = builder.Build();
        using var limit = new CancellationTokenSource(ConnectLimit);
        try
        {
            await connected.StartAsync(limit.Token);
            return connected;
        }
        catch (Exception e) when (e is OrleansException or OperationCanceledException or TimeoutException)
        {
            connected.Dispose();
            throw new UsageException(
                $"No silo answers at {gateways}: {e.Message} Is it running, is this its gateway port (--gateway-port, 30000 by default), and do "
                + "certificates match?", e);
        }
    }
}
