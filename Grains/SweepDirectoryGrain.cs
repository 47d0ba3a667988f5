using Grains.Contracts;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;
using Sweeps.Coordination;
using Sweeps.Core;
using Sweeps.Files;
using Sweeps.Log;

namespace Grains;

/// <summary>
/// Lists the sweeps and the nodes. The lists are kept in memory only. A new activation gets the sweeps from the log and their coordinators, and
/// the nodes, with their sweeps and drains, from their next announcements. Reentrant, because <see cref="Create"/> waits for the log and must not
/// delay announcements. An older description never replaces a newer one, so that descriptions may arrive in any order.
/// </summary>
[Reentrant]
public sealed partial class SweepDirectoryGrain(
    CoordinatorContext context, ActiveSweeps activeSweeps, ICodeStore code, ILogger<SweepDirectoryGrain> logger)
    : Grain, ISweepDirectoryGrain
{
    private static readonly TimeSpan Discovery = TimeSpan.FromSeconds(2);

    /// <summary>The time after its last announcement at which a node is removed, and the time limit for the announcement of a requested drain.</summary>
    private static readonly TimeSpan NodeTimeout = TimeSpan.FromSeconds(4);

    private readonly SortedDictionary<string, SweepDescription> sweeps = new(StringComparer.Ordinal);
    private readonly HashSet<string> discovering = [];
    private readonly SortedDictionary<string, (NodeMessage Node, long SeenAt)> nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (bool Drain, TaskCompletionSource Done)> drainRequests = [];

    /// <summary>Starts the discovery of sweeps in the background, so that a sweep with a long log does not delay the others.</summary>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(DiscoverAsync, new GrainTimerCreationOptions(TimeSpan.Zero, Discovery) { Interleave = true });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<string?> Create(string sweep, string spec, string fileName, string by, CancellationToken cancel)
    {
        try
        {
            if (SweepFile.Parse(spec, fileName).Spec.Trainable is TrainableSpec.Table table)
                return $"{fileName}: `trainable: table` reads the file '{table.File}' of one machine, which the nodes of a cluster do not have. "
                    + "Run it on that machine, without --cluster.";
            await SweepCoordinator.CreateAsync(sweep, spec, by, context, cancel);
        }
        catch (SweepFileException e)
        {
            return e.Message;
        }
        catch (LogConflictException)
        {
            // An earlier call whose answer was lost has created the sweep, since ids are unique.
        }
        Remember(await GrainFactory.GetGrain<ISweepCoordinatorGrain>(GrainKeys.Coordinator(sweep)).Describe(cancel));
        return null;
    }

    /// <inheritdoc/>
    public Task<SweepDescription[]> Active(CancellationToken cancel) => Task.FromResult(sweeps.Values.Where(sweep => sweep.Active).ToArray());

    /// <inheritdoc/>
    public Task<SweepDescription?> Find(string sweep, CancellationToken cancel) => Task.FromResult(sweeps.GetValueOrDefault(sweep));

    /// <inheritdoc/>
    public Task Describe(SweepDescription sweep, CancellationToken cancel)
    {
        Remember(sweep);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<string[]> List(CancellationToken cancel) => [.. await context.Log.ListAsync(cancel)];

    /// <inheritdoc/>
    public async Task<CodeMessage[]> Code(CancellationToken cancel) =>
        [.. (await code.ListAsync(cancel)).Select(archive => new CodeMessage(archive.Sha256, archive.Bytes))];

    /// <inheritdoc/>
    public Task<NodeOrders> Announce(NodeMessage node, CancellationToken cancel)
    {
        nodes[node.Name] = (node, context.Time.GetTimestamp());
        if (drainRequests.TryGetValue(node.Name, out var request) && request.Drain == node.Draining)
        {
            drainRequests.Remove(node.Name);
            request.Done.TrySetResult();
        }
        var open = drainRequests.TryGetValue(node.Name, out request);
        return Task.FromResult(new NodeOrders(
            open && request.Drain, open && !request.Drain,
            [.. sweeps.Values.Where(sweep => sweep.Active).Select(sweep => new SweepHead(sweep.Sweep, sweep.Seq))]));
    }

    /// <inheritdoc/>
    public Task<NodeMessage[]> Nodes(CancellationToken cancel)
    {
        var live = LiveNodes();
        return Task.FromResult(Array.ConvertAll(
            live, node => node.Format < live.Max(other => other.Format) ? node with { Trouble = SweepObstacles.Older(node) } : node));
    }

    /// <inheritdoc/>
    public Task<string[]> Obstacles(string sweep, CancellationToken cancel) =>
        Task.FromResult(sweeps.GetValueOrDefault(sweep) is { Active: false } ? [] : SweepObstacles.Of(sweep, LiveNodes()));

    /// <inheritdoc/>
    public Task<bool> Drain(string node, CancellationToken cancel) => SetDrainAsync(node, drain: true, cancel);

    /// <inheritdoc/>
    public Task<bool> Undrain(string node, CancellationToken cancel) => SetDrainAsync(node, drain: false, cancel);

    /// <summary>
    /// Requests a state of the drain and waits until the node announces it. Its later announcements contain the state, so that a new activation of this
    /// grain learns it from them. Two callers that request the same wait for the same announcement.
    /// </summary>
    private async Task<bool> SetDrainAsync(string node, bool drain, CancellationToken cancel)
    {
        var known = LiveNodes().FirstOrDefault(one => one.Name == node);
        if (known is null || known.Draining == drain)
            return known is not null;
        if (!drainRequests.TryGetValue(node, out var request) || request.Drain != drain)
            drainRequests[node] = request = (drain, new TaskCompletionSource());
        try
        {
            await request.Done.Task.WaitAsync(NodeTimeout, context.Time, cancel);
            return true;
        }
        catch (TimeoutException)
        {
            // A later request for the opposite may have replaced this one after the node had done it, or the other way round.
            return LiveNodes().Any(one => one.Name == node && one.Draining == drain);
        }
        finally
        {
            if (drainRequests.TryGetValue(node, out var last) && last == request)
                drainRequests.Remove(node);
        }
    }

    private NodeMessage[] LiveNodes()
    {
        foreach (var (name, (_, seenAt)) in nodes.ToArray())
            if (context.Time.GetElapsedTime(seenAt) > NodeTimeout)
                nodes.Remove(name);
        return [.. nodes.Values.Select(entry => entry.Node)];
    }

    /// <summary>Finds sweeps with work that no coordinator has described, for instance after a restart of the cluster, and asks their coordinators.</summary>
    private async Task DiscoverAsync(CancellationToken cancel)
    {
        foreach (var sweep in await activeSweeps(cancel))
            if (sweeps.GetValueOrDefault(sweep) is not { Active: true } && discovering.Add(sweep))
                _ = DiscoverAsync(sweep);
    }

    private async Task DiscoverAsync(string sweep)
    {
        try
        {
            Remember(await GrainFactory.GetGrain<ISweepCoordinatorGrain>(GrainKeys.Coordinator(sweep)).Describe());
        }
        catch (Exception e)
        {
            DiscoveryFailed(logger, sweep, e);
        }
        discovering.Remove(sweep);
    }

    /// <summary>
    /// Stores a description. The description of a sweep without work is kept, without its sweep file, so that an older description cannot replace it.
    /// </summary>
    private void Remember(SweepDescription sweep)
    {
        if (sweeps.TryGetValue(sweep.Sweep, out var known) && known.Seq > sweep.Seq)
            return;
        sweeps[sweep.Sweep] = sweep.Active ? sweep : sweep with { Spec = "" };
    }

    [LoggerMessage(3004, LogLevel.Warning, "The coordinator of sweep {Sweep} could not be activated; trying again.")]
    private static partial void DiscoveryFailed(ILogger logger, string sweep, Exception error);
}
