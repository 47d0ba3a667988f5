using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Sweeps.Nodes;
using Sweeps.Runs;

namespace Grains;

/// <summary>
/// The assignments of this silo that wait for their training-run grain to start, with their reserved slots. Whoever removes an entry owns the slot: the
/// grain when it starts, or <see cref="GrainLauncher"/> if the grain did not start. A grain on another silo finds no entry and does not train.
/// </summary>
public sealed class PendingAssignments
{
    private readonly ConcurrentDictionary<string, PendingAssignment> entries = new();

    /// <summary>Adds an entry for the grain with this key.</summary>
    internal void Add(string key, PendingAssignment run) => entries[key] = run;

    /// <summary>Removes the entry. Returns false if there is none.</summary>
    internal bool TryTake(string key, [NotNullWhen(true)] out PendingAssignment? run) => entries.TryRemove(key, out run);
}

/// <summary>An assignment that waits for its grain.</summary>
/// <param name="Context">The services and settings of the sweep's runs on this node.</param>
/// <param name="Slot">The reserved slot.</param>
/// <param name="Drain">Cancelled when the node drains.</param>
/// <param name="Abandoned">Cancelled when the coordinator abandons the assignment.</param>
internal sealed record PendingAssignment(RunContext Context, SlotPermit Slot, CancellationToken Drain, CancellationToken Abandoned)
{
    /// <summary>Completed by the grain when it no longer uses the slot.</summary>
    public TaskCompletionSource<RunOutcome> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
