using Grains.Contracts;
using Microsoft.Extensions.Logging;
using Orleans;
using Sweeps.Coordination;
using Sweeps.Core;
using Sweeps.Nodes;
using Sweeps.Programs;
using Sweeps.Training;

namespace Grains;

/// <summary>The identity and state of a silo as a node, which it announces to the directory.</summary>
/// <param name="Name">A name that is unique per process start.</param>
/// <param name="Slots">The slots of the node.</param>
/// <param name="Version">The version of the program.</param>
/// <param name="Drain">The drain state of the node. The directory's answers change it when a person drains the node.</param>
/// <param name="Trouble">Returns the reason why the node cannot work for any sweep, such as a store that rejects writes, or null.</param>
public sealed record NodeIdentity(string Name, SlotPool Slots, string Version, NodeDrain Drain, Func<string?> Trouble);

/// <summary>
/// Gets the sweeps of a silo from the directory grain, at most once per second. The same call announces the state of the node, with the reasons why it
/// cannot train a sweep. A sweep file is fetched again if the sequence number of its description has changed. Sweeps that the node cannot train are
/// left out.
/// </summary>
public sealed partial class NodeDirectory(
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
        // Announce a change of the drain at once, because the caller of Drain or Undrain waits for it.
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
        // The coordinator describes the ended sweep to the directory, which then removes it from its answers.
    }

    private NodeMessage Describe(IReadOnlyDictionary<string, int> running) => new(
        node.Name, node.Slots.Count, node.Slots.Count - node.Slots.Free, drained, [.. trainables.Loaded], node.Version, Assignment.Format,
        [
            .. known.Values.Select(sweep => new NodeSweep(sweep.Head.Sweep, running.GetValueOrDefault(sweep.Head.Sweep), sweep.Obstacle)),
            .. running.Where(used => used.Value > 0 && !known.ContainsKey(used.Key)).Select(used => new NodeSweep(used.Key, used.Value, null)),
        ],
        node.Trouble(), node.Slots.Resources?.ToString(), Capacity());

    private NodeCapacity? Capacity() => trainables is { Programs: { } programs, Resources: { } has }
        ? new NodeCapacity(has.Cpus, has.Memory, has.Gpus.Count, programs.Code is not null, programs.Allowed is not [])
        : null;

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
            SweepUnusable(logger, description.Sweep, e);
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
            return sweep with { Active = new ActiveSweep(coordinator, spec.Slots, launcher(coordinator, spec, trainable))
            {
                Needs = spec.Trainable is ProgramSpec program ? program.Resources : new(),
            }, Obstacle = null };
        }
        catch (Exception e)
        {
            if (sweep.Obstacle is null)
                SweepUnusable(logger, sweep.Head.Sweep, e);
            return sweep with { Obstacle = $"it cannot be trained there: {e.Message.TrimEnd('.')}" };
        }
    }

    [LoggerMessage(3003, LogLevel.Warning, "Sweep {Sweep} cannot be trained by this node and gets no slots here.")]
    private static partial void SweepUnusable(ILogger logger, string sweep, Exception error);

    /// <summary>A sweep that has work.</summary>
    /// <param name="Head">The sweep and the sequence number of its description.</param>
    /// <param name="Spec">The sweep file; null if it cannot be read.</param>
    /// <param name="Active">The sweep for <see cref="NodeWorker"/>, or null while the node cannot train it.</param>
    /// <param name="Obstacle">The reason why the node cannot train it, or null.</param>
    private sealed record Known(SweepHead Head, SweepSpec? Spec, ActiveSweep? Active, string? Obstacle);
}
