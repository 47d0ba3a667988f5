using System.Data.Common;
using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Grains;
using Grains.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Serialization;
using Sweeps.Coordination;
using Sweeps.Core;
using Sweeps.Log;
using Sweeps.Programs;

namespace Client.Sources;

/// <summary>Sweeps of an Orleans cluster, reached through the gateways of its silos.</summary>
public sealed class ClusterSource : ISweepSource
{
    /// <summary>The Orleans service id, which must equal that of the silos.</summary>
    private const string ServiceId = "sweeps";

    private const int EventPage = 1000;

    /// <summary>The time for which a failed call is repeated, until other silos have taken over the grains of a dead one.</summary>
    private static readonly TimeSpan RetryLimit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The time for one attempt to connect to one of several gateways. A frozen silo accepts connections and never answers; each attempt at it delays a
    /// command by this time before another gateway is tried.
    /// </summary>
    private static readonly TimeSpan OpenLimit = TimeSpan.FromSeconds(2);

    private readonly string gateways, clusterId;
    private readonly IPEndPoint[] endpoints;
    private readonly ClusterCertificates? certificates;
    private readonly TimeProvider time;
    private IHost? host;

    /// <summary>A source for gateways such as <c>10.0.0.1:30000,10.0.0.2:30000</c>. The first call connects.</summary>
    public ClusterSource(string gateways, string clusterId, ClusterCertificates? certificates, TimeProvider time)
    {
        (this.gateways, this.clusterId, this.certificates, this.time) = (gateways, clusterId, certificates, time);
        endpoints = Array.ConvertAll(gateways.Split(','), Endpoint);
    }

    /// <summary>
    /// The source for <c>--cluster</c>. Reads the cluster id and the certificates from the same environment variables as silos. Throws
    /// <see cref="UsageException"/>.
    /// </summary>
    public static ClusterSource Open(string gateways, Func<string, string?> environment, TimeProvider time)
    {
        string?[] files = [environment("SWEEP_TLS_CERTIFICATE"), environment("SWEEP_TLS_KEY"), environment("SWEEP_TLS_AUTHORITY")];
        var certificates = files is [{ } certificate, { } key, { } authority]
            ? new ClusterCertificates(certificate, key, authority, environment("SWEEP_TLS_HOST") ?? "sweeps-silo")
            : null;
        if (certificates is null && files.Any(file => file is not null))
            throw new UsageException("SWEEP_TLS_CERTIFICATE, SWEEP_TLS_KEY and SWEEP_TLS_AUTHORITY go together: set all three or none.");
        return new ClusterSource(gateways, environment("SWEEP_CLUSTER_ID") ?? "sweeps", certificates, time);
    }

    /// <inheritdoc/>
    public string Place => $"the cluster at {gateways}";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel) =>
        await AskAsync(grains => Directory(grains).List(cancel), cancel);

    /// <inheritdoc/>
    public async IAsyncEnumerable<LoggedEvent> ReadAsync(string sweep, long afterSeq, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (var seq = afterSeq; ;)
        {
            var page = await AskAsync(grains => new GrainCoordinator(grains, sweep).EventsAsync(seq, EventPage, cancel), cancel);
            foreach (var logged in page)
                yield return logged;
            if (page.Count < EventPage)
                yield break;
            seq = page[^1].Seq;
        }
    }

    /// <summary>The number of nodes that are not draining, or null.</summary>
    public async Task<string?> WorkerAsync(string sweep, CancellationToken cancel)
    {
        var nodes = (await NodesAsync(cancel)).Count(node => !node.Draining);
        return nodes == 0 ? null : nodes == 1 ? "1 node" : $"{nodes} nodes";
    }

    /// <inheritdoc/>
    public async Task<StoredCheckpoint?> BestWeightsAsync(string sweep, int run, CancellationToken cancel)
    {
        using var data = new MemoryStream();
        for (WeightsPiece? first = null; ;)
        {
            var piece = await AskAsync(grains => grains.GetGrain<IWeightsGrain>(GrainKeys.Coordinator(sweep)).Read(run, (int)data.Length, cancel), cancel);
            if (piece is null)
                return null;
            if (first is not null && !piece.Sha256.AsSpan().SequenceEqual(first.Sha256))
            {
                // The run has stored weights of a better epoch since: start again at their beginning.
                first = null;
                data.SetLength(0);
                continue;
            }
            first ??= piece;
            data.Write(piece.Data);
            if (data.Length < piece.Length)
                continue;
            var bytes = data.ToArray();
            return SHA256.HashData(bytes).AsSpan().SequenceEqual(piece.Sha256)
                ? new StoredCheckpoint(run, piece.Epoch, piece.Generation, bytes)
                : throw new IOException($"The weights of run {run} of {sweep} arrived damaged. Ask again.");
        }
    }

    /// <inheritdoc/>
    public async Task<OutputPiece> OutputAsync(string sweep, int run, long from, CancellationToken cancel)
    {
        var piece = await AskAsync(grains => grains.GetGrain<IOutputGrain>(GrainKeys.Coordinator(sweep)).Read(run, from, cancel), cancel);
        return new OutputPiece(piece.Position, piece.Bytes);
    }

    /// <inheritdoc/>
    public IRunArtifacts Artifacts => new ClusterArtifacts(this);

    /// <summary>Whether the cluster's store already contains the archive of code.</summary>
    public Task<bool> HasCodeAsync(string sha256, CancellationToken cancel) => AskAsync(grains => Code(grains, sha256).Has(cancel), cancel);

    /// <summary>Sends an archive of code in pieces. A piece whose reply was lost is sent again.</summary>
    public async Task SendCodeAsync(CodeArchive code, CancellationToken cancel)
    {
        for (var sent = 0; sent < code.Bytes.Length;)
        {
            var piece = code.Bytes[sent..Math.Min(sent + IRunArtifacts.PieceBytes, code.Bytes.Length)];
            var position = sent;
            sent = await AskAsync(grains => Code(grains, code.Sha256).Write(position, piece, code.Bytes.Length, cancel), cancel);
        }
    }

    /// <summary>The archives of code in the store of the cluster; see <see cref="ICodeStore.ListAsync"/>.</summary>
    public async Task<IReadOnlyList<StoredCode>> CodeAsync(CancellationToken cancel) =>
        [.. (await AskAsync(grains => Directory(grains).Code(cancel), cancel)).Select(archive => new StoredCode(archive.Sha256, archive.Bytes))];

    /// <summary>Deletes an archive of code; see <see cref="ICodeStore.DeleteAsync"/>.</summary>
    public Task<bool> DeleteCodeAsync(string sha256, CancellationToken cancel) => AskAsync(grains => Code(grains, sha256).Delete(cancel), cancel);

    private static ICodeGrain Code(IGrainFactory grains, string sha256) => grains.GetGrain<ICodeGrain>(GrainKeys.Code(sha256));

    /// <summary>
    /// A request with an id is repeated while the cluster detects the death of a silo; the id ensures that it is executed only once.
    /// </summary>
    public Task<SteerReply> SteerAsync(string sweep, SweepSteered request, CancellationToken cancel) => AskAsync(
        grains => new GrainCoordinator(grains, sweep).SendAsync(new Steer(request), cancel), cancel, repeatable: request.Id is not null, acts: true);

    /// <summary>
    /// Creates a sweep. The caller chooses its id, so that a repeated call creates no second sweep. Throws <see cref="UsageException"/>
    /// with the errors of the file.
    /// </summary>
    public async Task SubmitAsync(string sweep, string text, string fileName, string by, CancellationToken cancel)
    {
        if (await AskAsync(grains => Directory(grains).Create(sweep, text, fileName, by, cancel), cancel) is { } mistakes)
            throw new UsageException(mistakes);
    }

    /// <summary>The nodes of the cluster, by name.</summary>
    public async Task<IReadOnlyList<NodeMessage>> NodesAsync(CancellationToken cancel) =>
        await AskAsync(grains => Directory(grains).Nodes(cancel), cancel);

    /// <summary>Drains a node or ends its drain, and returns when the node has done so. False when there is no such node.</summary>
    public Task<bool> DrainAsync(string node, bool drain, CancellationToken cancel) => AskAsync(
        grains => drain ? Directory(grains).Drain(node, cancel) : Directory(grains).Undrain(node, cancel), cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ObstaclesAsync(string sweep, CancellationToken cancel) =>
        await AskAsync(grains => Directory(grains).Obstacles(sweep, cancel), cancel);

    /// <inheritdoc/>
    public async Task<ProgressMessage?> ProgressAsync(string sweep, SweepRun run, CancellationToken cancel)
    {
        if (run.State != RunState.Running)
            return null;
        var grains = await ConnectAsync(cancel);
        try
        {
            return await grains.GetGrain<ITrainingRunGrain>(GrainKeys.TrainingRun(sweep, run.Number, run.Generation)).Progress(cancel).WaitAsync(cancel);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            // The run's silo is dead or unreachable: the run is shown without progress.
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (host is null)
            return;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1), time);
        try
        {
            await host.StopAsync(limit.Token).WaitAsync(limit.Token);
            host.Dispose();
        }
        catch (Exception e) when (e is OperationCanceledException or OrleansException or TimeoutException)
        {
            // The cluster does not answer; the connections are closed when the process ends.
        }
    }

    private static IPEndPoint Endpoint(string gateway) =>
        IPEndPoint.TryParse(gateway, out var endpoint) && endpoint.Port > 0
            ? endpoint
            : throw new UsageException($"--cluster {gateway}: expected the address and gateway port of a silo, such as 127.0.0.1:30000.");

    private static ISweepDirectoryGrain Directory(IGrainFactory grains) => grains.GetGrain<ISweepDirectoryGrain>(ISweepDirectoryGrain.Key);

    /// <summary>
    /// Calls a grain and repeats a failed call for <see cref="RetryLimit"/>, because the grains of a dead silo do not answer until the
    /// cluster has detected its death. Returns immediately when cancelled. Throws <see cref="SourceUnavailableException"/>.
    /// </summary>
    /// <param name="ask">The call.</param>
    /// <param name="cancel">Cancels the call.</param>
    /// <param name="repeatable">Whether the call may be executed twice.</param>
    /// <param name="acts">Whether the call changes a sweep, so that a person must know that it may still be executed.</param>
    private async Task<T> AskAsync<T>(Func<IGrainFactory, Task<T>> ask, CancellationToken cancel, bool repeatable = true, bool acts = false)
    {
        var grains = await ConnectAsync(cancel);
        for (var since = time.GetTimestamp(); ;)
        {
            try
            {
                return await ask(grains).WaitAsync(cancel);
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested)
            {
                if (!repeatable || e is CommandWithdrawnException || time.GetElapsedTime(since) > RetryLimit)
                    throw new SourceUnavailableException(await SentenceAsync(e, acts, cancel), e);
            }
            await Task.Delay(TimeSpan.FromSeconds(0.5), time, cancel);
        }
    }

    /// <summary>
    /// Describes an exception of a call in one sentence. Exceptions of a grain, for example of its store, arrive with their own type.
    /// </summary>
    private async Task<string> SentenceAsync(Exception e, bool acts, CancellationToken cancel) => e switch
    {
        TimeoutException or OrleansException =>
            (await TroubleAsync(cancel) is { } trouble ? $"{Place} does not answer in time: {trouble.TrimEnd('.')}." : $"{Place} does not answer. Do its silos run? Their logs say more.")
            + (acts ? " The request may or may not have been executed: check before you repeat it." : ""),
        CommandWithdrawnException => e.Message,
        PostgresException => $"The store of {Place} refuses its silos: {FirstLine(e)}",
        DbException => $"The store of {Place} does not answer its silos: {FirstLine(e)}",
        _ => $"{Place} failed to answer: {FirstLine(e)}",
    };

    /// <summary>What the nodes say about their store; null if they say nothing or cannot be asked within seconds.</summary>
    private async Task<string?> TroubleAsync(CancellationToken cancel)
    {
        try
        {
            var nodes = await Directory(await ConnectAsync(cancel)).Nodes(cancel).WaitAsync(TimeSpan.FromSeconds(3), time, cancel);
            return nodes.Select(node => node.Trouble).FirstOrDefault(trouble => trouble is not null);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            return null;
        }
    }

    private static string FirstLine(Exception e) => e.Message.Split('\n')[0].TrimEnd();

    private async Task<IGrainFactory> ConnectAsync(CancellationToken cancel)
    {
        if (host is null)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            limit.CancelAfter(ConnectLimit);
            var connecting = Build();
            try
            {
                // WaitAsync is needed because Orleans may continue to connect after a cancellation.
                await connecting.StartAsync(limit.Token).WaitAsync(limit.Token);
            }
            catch (Exception e)
            {
                cancel.ThrowIfCancellationRequested();
                throw new SourceUnavailableException(
                    $"No silo answers at {gateways}. Does one run with this gateway port (--gateway-port, 30000 by default)"
                    + (certificates is null
                        ? ", without certificates? With them, set SWEEP_TLS_CERTIFICATE, SWEEP_TLS_KEY and SWEEP_TLS_AUTHORITY."
                        : ", and with certificates of the same authority?"), e);
            }
            host = connecting;
        }
        return host.Services.GetRequiredService<IGrainFactory>();
    }

    private sealed class ClusterArtifacts(ClusterSource source) : IRunArtifacts
    {
        public async Task<IReadOnlyList<RunArtifact>> ListAsync(string sweep, int run, CancellationToken cancel) =>
            [.. (await source.AskAsync(grains => Of(grains, sweep).List(run, cancel), cancel)).Select(file => new RunArtifact(file.Path, file.Bytes))];

        public Task<byte[]> ReadAsync(string sweep, int run, string path, long from, CancellationToken cancel) =>
            source.AskAsync(grains => Of(grains, sweep).Read(run, path, from, cancel), cancel);

        private static IArtifactGrain Of(IGrainFactory grains, string sweep) => grains.GetGrain<IArtifactGrain>(GrainKeys.Coordinator(sweep));
    }

    private IHost Build()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client =>
        {
            client.UseStaticClustering(endpoints);
            client.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (clusterId, ServiceId));
            // A silo that still waits for its store must not carry out a request whose sender has given up.
            client.Configure<ClientMessagingOptions>(messaging => messaging.CancelRequestOnTimeout = true);
            if (endpoints.Length > 1)
                client.Configure<ConnectionOptions>(connection => connection.OpenConnectionTimeout = OpenLimit);
            client.Services.AddSerializer(SweepMessages.Configure);
            if (certificates is not null)
                client.UseTls(certificates.Apply);
        });
        return builder.Build();
    }
}
