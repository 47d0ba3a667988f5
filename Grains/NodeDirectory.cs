using System.Collections.Concurrent;
using Grains.Contracts;
using Microsoft.Extensions.Logging;
using Orleans;
using Sweeps.Core;
using Sweeps.Hosting;
using Sweeps.Training;

namespace Grains;

/// <summary>What a silo is, as it tells the directory and as its worker needs it.</summary>
/// <param name="Name">Unique per process start.</param>
/// <param name="Slots">Its slots.</param>
/// <param name="Version">The program's version.</param>
/// <param name="Drain">Called when a person asks for a drain.</param>
public sealed record NodeIdentity(string Name, SlotPool Slots, string Version, Action Drain);

/// <summary>
/// The sweeps a silo works for, asked from the directory grain once per heartbeat; the same call tells the directory that the node is there.
/// A sweep whose data set is not here is left out.
/// </summary>
public sealed class NodeDirectory(
    IGrainFactory grains, NodeIdentity node, NodeTrainables trainables, SpecReader read,
    Func<ISweepCoordinator, SweepSpec, ITrainable, IRunLauncher> launcher, TimeProvider time, ILogger<NodeDirectory> logger) : ISweepDirectory
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, (long Seq, ActiveSweep Sweep)> known = [];
    private IReadOnlyList<ActiveSweep> active = [];
    private long askedAt;

    /// <summary>Set while the node drains, for whoever lists nodes.</summary>
    public bool Draining { get; set; }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ActiveSweep>> ActiveAsync(CancellationToken cancel)
    {
        if (askedAt != 0 && time.GetElapsedTime(askedAt) < Interval)
            return active;
        askedAt = time.GetTimestamp();
        var directory = grains.GetGrain<ISweepDirectoryGrain>(ISweepDirectoryGrain.Key);
        var orders = await directory.Announce(
            new NodeMessage(node.Name, node.Slots.Count, node.Slots.Count - node.Slots.Free, Draining, [.. trainables.Loaded], node.Version), cancel);
        if (orders.Drain)
            node.Drain();
        var described = await directory.Active(cancel);
        active = [.. described.Select(Resolve).OfType<ActiveSweep>()];
        return active;
    }

    /// <inheritdoc/>
    public void Ended(string sweep) => known.TryRemove(sweep, out _);

    private ActiveSweep? Resolve(SweepDescription description)
    {
        if (known.TryGetValue(description.Sweep, out var entry) && entry.Seq == description.Seq)
            return entry.Sweep;
        try
        {
            var spec = read(description.Spec);
            var coordinator = new GrainCoordinator(grains, description.Sweep);
            if (trainables.TryGet(spec) is not { } trainable)
                return null;
            var sweep = new ActiveSweep(coordinator, spec.Slots, launcher(coordinator, spec, trainable));
            known[description.Sweep] = (description.Seq, sweep);
            return sweep;
        }
        catch (Exception e)
        {
            logger.DescriptionFailed(description.Sweep, e);
            return null;
        }
    }
}
