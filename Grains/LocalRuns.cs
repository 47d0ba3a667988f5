using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Sweeps.Nodes;
using Sweeps.Runs;

namespace Grains;

/// <summary>
/// Slots of this silo on their way from the node's worker, which reserved them, to the training-run grains, which use them. Whoever removes an
/// offer has it: the grain that begins, or the launcher that gives up. A grain on another silo finds nothing here.
/// </summary>
public sealed class LocalRuns
{
    private readonly ConcurrentDictionary<string, OfferedRun> offers = new();

    /// <summary>Offers a slot to the grain with this key.</summary>
    internal void Offer(string key, OfferedRun run) => offers[key] = run;

    /// <summary>Takes the offer. False when there is none, or somebody else has taken it.</summary>
    internal bool TryTake(string key, [NotNullWhen(true)] out OfferedRun? run) => offers.TryRemove(key, out run);
}

/// <summary>A slot for one assignment.</summary>
/// <param name="Context">What the sweep's runs share on this node.</param>
/// <param name="Slot">The slot.</param>
/// <param name="Drain">Cancelled when the node drains.</param>
/// <param name="Abandoned">Cancelled when the coordinator no longer wants the assignment.</param>
internal sealed record OfferedRun(RunContext Context, SlotPermit Slot, CancellationToken Drain, CancellationToken Abandoned)
{
    /// <summary>Set by the grain when it no longer uses the slot.</summary>
    public TaskCompletionSource<RunOutcome> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
