using Grains.Contracts;
using Microsoft.Extensions.Logging;
using Orleans;
using Sweeps.Coordination;
using Sweeps.Core;
using Sweeps.Nodes;
using Sweeps.Training;

namespace Grains;

/// <summary>What a silo is, as it tells the directory and as its worker needs it.</summary>
/// <param name="Name">Unique per process start.</param>
/// <param name="Slots">Its slots.</param>
/// <param name="Version">The program's version.</param>
/// <param name="Drain">Whether it drains; a person's wish comes through the directory.</param>
/// <param name="Trouble">What keeps the whole node from its work, such as a store that refuses writes, or null.</param>
public sealed record NodeIdentity(string Name, SlotPool Slots, string Version, NodeDrain Drain, Func<string?> Trouble);

/// <summary>
/// The sweeps a silo works for, asked from the directory grain once per heartbeat; the same call tells the directory what the node is doing, and
/// why not. A sweep file is fetched once for each number under which its sweep is described. A sweep whose data are not here is left out.
/// </summary>
public sealed class NodeDirectory(
    IGrainFactory grains, NodeIdentity node, NodeTrainables trainables, SpecReader read,
    Func<ISweepCoordinator, SweepSpec, ITrainable, IRunLauncher> launcher, TimeProvider time, ILogger<NodeDirectory> logger) : ISweepDirectory
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private Dictionary<string, Known> known = [];
    private IReadOnlyList<ActiveSweep> active = [];
    private bool drained;
    private long askedAt;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ActiveSweep>> ActiveAsync(IReadOnlyDictionary<string, int> running, CancellationToken cancel)
    {
        // A change of the drain is told at once: whoever asked for it waits until the node says so.
        if (askedAt != 0 && time.GetElapsedTime(askedAt) < Interval && drained == node.Drain.On)
            return active;
        (askedAt, drained) = (time.GetTimestamp(), node.Drain.On);
        var directory = grains.GetGrain<ISweepDirectoryGrain>(ISweepDirectoryGrain.Key);
        var orders = await directory.Announce(Describe(running), cancel);
        if (orders.Drain)
            node.Drain.Request();
        else if (orders.Undrain)
            node.Drain.Withdraw();
        var resolved = await Task.WhenAll(orders.Sweeps.Select(head => ResolveAsync(directory, head, cancel)));
        known = resolved.OfType<Known>().ToDictionary(sweep => sweep.Head.Sweep);
        active = [.. known.Values.Select(sweep => sweep.Active).OfType<ActiveSweep>()];
        return active;
    }

    /// <inheritdoc/>
    public void Ended(string sweep)
    {
        // The directory hears it from the coordinator and leaves the sweep out of its next answer.
    }

    private NodeMessage Describe(IReadOnlyDictionary<string, int> running) => new(
        node.Name, node.Slots.Count, node.Slots.Count - node.Slots.Free, drained, [.. trainables.Loaded], node.Version, AssignmentMessage.Format,
        [
            .. known.Values.Select(sweep => new NodeSweep(sweep.Head.Sweep, running.GetValueOrDefault(sweep.Head.Sweep), sweep.Obstacle)),
            .. running.Where(used => used.Value > 0 && !known.ContainsKey(used.Key)).Select(used => new NodeSweep(used.Key, used.Value, null)),
        ],
        node.Trouble());

    private async Task<Known?> ResolveAsync(ISweepDirectoryGrain directory, SweepHead head, CancellationToken cancel)
    {
        if (!known.TryGetValue(head.Sweep, out var sweep) || sweep.Head.Seq != head.Seq)
        {
            if (await directory.Find(head.Sweep, cancel) is not { Active: true } description)
                return null;
            sweep = Read(description);
        }
        return sweep.Active is null && sweep.Spec is { } spec ? Prepare(sweep, spec) : sweep;
    }

    private Known Read(SweepDescription description)
    {
        var head = new SweepHead(description.Sweep, description.Seq);
        try
        {
            return new Known(head, read(description.Spec), null, null);
        }
        catch (Exception e)
        {
            logger.DescriptionFailed(description.Sweep, e);
            return new Known(head, null, null, $"its program ({node.Version}) cannot read the sweep file: {e.Message.TrimEnd('.')}");
        }
    }

    private Known Prepare(Known sweep, SweepSpec spec)
    {
        try
        {
            if (!trainables.TryGet(spec, out var trainable, out var obstacle))
                return sweep with { Obstacle = obstacle };
            var coordinator = new GrainCoordinator(grains, sweep.Head.Sweep);
            return sweep with { Active = new ActiveSweep(coordinator, spec.Slots, launcher(coordinator, spec, trainable)), Obstacle = null };
        }
        catch (Exception e)
        {
            if (sweep.Obstacle is null)
                logger.DescriptionFailed(sweep.Head.Sweep, e);
            return sweep with { Obstacle = $"it cannot be trained there: {e.Message.TrimEnd('.')}" };
        }
    }

    /// <summary>A sweep that has work.</summary>
    /// <param name="Head">Which description this is.</param>
    /// <param name="Spec">The sweep file, or null when it cannot be read.</param>
    /// <param name="Active">What the node works for, or null while it cannot.</param>
    /// <param name="Obstacle">Why it cannot.</param>
    private sealed record Known(SweepHead Head, SweepSpec? Spec, ActiveSweep? Active, string? Obstacle);
}
