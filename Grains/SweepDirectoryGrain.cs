using Grains.Contracts;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;
using Sweeps.Hosting;
using Sweeps.Log;
using Sweeps.Spec;

namespace Grains;

/// <summary>
/// The list of sweeps with work, and of nodes. It keeps nothing of its own: sweeps come from the log when it is activated, nodes say that they
/// are there with every heartbeat. Reentrant, since creating a sweep waits for the log and must not hold up heartbeats.
/// </summary>
[Reentrant]
public sealed class SweepDirectoryGrain(CoordinatorContext context, ActiveSweeps activeSweeps, ILogger<SweepDirectoryGrain> logger)
    : Grain, ISweepDirectoryGrain
{
    private static readonly TimeSpan Discovery = TimeSpan.FromSeconds(2);

    private readonly SortedDictionary<string, SweepDescription> sweeps = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, (NodeMessage Node, long SeenAt)> nodes = new(StringComparer.Ordinal);
    private readonly HashSet<string> draining = [];
    private readonly HashSet<string> known = [];

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await DiscoverAsync(cancellationToken);
        this.RegisterGrainTimer(DiscoverAsync, new GrainTimerCreationOptions(Discovery, Discovery) { Interleave = true });
    }

    /// <inheritdoc/>
    public async Task<string?> Create(string sweep, string spec, string fileName, string by, CancellationToken cancel)
    {
        try
        {
            SweepFile.Parse(spec, fileName);
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
    public Task<SweepDescription[]> Active(CancellationToken cancel) => Task.FromResult(sweeps.Values.ToArray());

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
        return Task.FromResult(new NodeOrders(draining.Contains(node.Name)));
    }

    /// <inheritdoc/>
    public Task<NodeMessage[]> Nodes(CancellationToken cancel)
    {
        foreach (var (name, (_, seenAt)) in nodes.ToArray())
            if (context.Time.GetElapsedTime(seenAt) > NodeSilence)
                nodes.Remove(name);
        return Task.FromResult(nodes.Values.Select(entry => entry.Node).ToArray());
    }

    /// <inheritdoc/>
    public async Task<bool> Drain(string node, CancellationToken cancel)
    {
        var known = (await Nodes(cancel)).Any(one => one.Name == node);
        if (known)
            draining.Add(node);
        return known;
    }

    /// <summary>A sweep may also be put into the log by a client that reaches only the store.</summary>
    private async Task DiscoverAsync(CancellationToken cancel)
    {
        var ids = await activeSweeps(cancel);
        foreach (var description in await Task.WhenAll(ids.Where(known.Add).Select(DescribeAsync)))
            if (description is not null)
                Remember(description);
    }

    private static TimeSpan NodeSilence => TimeSpan.FromSeconds(4);

    private void Remember(SweepDescription sweep)
    {
        if (sweep.Active)
            sweeps[sweep.Sweep] = sweep;
        else
            sweeps.Remove(sweep.Sweep);
    }

    private async Task<SweepDescription?> DescribeAsync(string sweep)
    {
        try
        {
            return await GrainFactory.GetGrain<ISweepCoordinatorGrain>(GrainKeys.Coordinator(sweep)).Describe();
        }
        catch (Exception e)
        {
            logger.DescriptionFailed(sweep, e);
            known.Remove(sweep);
            return null;
        }
    }
}
