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
/// The list of sweeps and of nodes. Nothing of it is stored: after a move sweeps come from the log and their coordinators, and nodes, with what
/// they train and whether they drain, from their next announcement. Reentrant, since creating a sweep waits for the log and must not hold up
/// heartbeats; a description is taken only when it is newer than the known one, so that answers may overtake each other.
/// </summary>
[Reentrant]
public sealed class SweepDirectoryGrain(CoordinatorContext context, ActiveSweeps activeSweeps, ILogger<SweepDirectoryGrain> logger)
    : Grain, ISweepDirectoryGrain
{
    private static readonly TimeSpan Discovery = TimeSpan.FromSeconds(2);

    /// <summary>How long a node may be silent, and how long it may take to do what it is asked.</summary>
    private static readonly TimeSpan NodeSilence = TimeSpan.FromSeconds(4);

    private readonly SortedDictionary<string, SweepDescription> sweeps = new(StringComparer.Ordinal);
    private readonly HashSet<string> asked = [];
    private readonly SortedDictionary<string, (NodeMessage Node, long SeenAt)> nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (bool Drain, TaskCompletionSource Done)> wishes = [];

    /// <summary>Sweeps are discovered in the background: one with a long log keeps nobody waiting for the others.</summary>
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
            // Created by an earlier call whose answer was lost: ids are unique.
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
    public Task<NodeOrders> Announce(NodeMessage node, CancellationToken cancel)
    {
        nodes[node.Name] = (node, context.Time.GetTimestamp());
        if (wishes.TryGetValue(node.Name, out var wish) && wish.Drain == node.Draining)
        {
            wishes.Remove(node.Name);
            wish.Done.TrySetResult();
        }
        var open = wishes.TryGetValue(node.Name, out wish);
        return Task.FromResult(new NodeOrders(
            open && wish.Drain, open && !wish.Drain,
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
    public Task<bool> Drain(string node, CancellationToken cancel) => AskAsync(node, drain: true, cancel);

    /// <inheritdoc/>
    public Task<bool> Undrain(string node, CancellationToken cancel) => AskAsync(node, drain: false, cancel);

    /// <summary>
    /// Waits until the node says that it does what is wanted: from then on its announcements carry it, and a move of this grain loses nothing.
    /// </summary>
    private async Task<bool> AskAsync(string node, bool drain, CancellationToken cancel)
    {
        var known = LiveNodes().FirstOrDefault(one => one.Name == node);
        if (known is null || known.Draining == drain)
            return known is not null;
        var wish = (Drain: drain, Done: new TaskCompletionSource());
        wishes[node] = wish;
        try
        {
            await wish.Done.Task.WaitAsync(NodeSilence, context.Time, cancel);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            if (wishes.TryGetValue(node, out var last) && last == wish)
                wishes.Remove(node);
        }
    }

    private NodeMessage[] LiveNodes()
    {
        foreach (var (name, (_, seenAt)) in nodes.ToArray())
            if (context.Time.GetElapsedTime(seenAt) > NodeSilence)
                nodes.Remove(name);
        return [.. nodes.Values.Select(entry => entry.Node)];
    }

    /// <summary>A sweep may also be put into the log by a client that reaches only the store.</summary>
    private async Task DiscoverAsync(CancellationToken cancel)
    {
        foreach (var sweep in await activeSweeps(cancel))
            if (sweeps.GetValueOrDefault(sweep) is not { Active: true } && asked.Add(sweep))
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
            logger.DescriptionFailed(sweep, e);
        }
        asked.Remove(sweep);
    }

    /// <summary>Of a sweep that has ended the number alone is kept, so that an older description does not bring it back.</summary>
    private void Remember(SweepDescription sweep)
    {
        if (sweeps.TryGetValue(sweep.Sweep, out var known) && known.Seq > sweep.Seq)
            return;
        sweeps[sweep.Sweep] = sweep.Active ? sweep : sweep with { Spec = "" };
    }
}
