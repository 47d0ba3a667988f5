using Sweeps.Core;

namespace Sweeps.Coordination;

/// <summary>Makes machines for a log to be replayed into.</summary>
/// <param name="Read">Parses sweep files.</param>
/// <param name="Search">Makes the search.</param>
/// <param name="Options">How machines behave.</param>
public sealed record MachineFactory(SpecReader Read, SearchMaker Search, MachineOptions Options)
{
    /// <summary>A machine with an empty state.</summary>
    public SweepMachine Empty() => new(Read, Search, Options);

    /// <summary>A machine with the state of a snapshot, or null when the snapshot is damaged or of another version.</summary>
    public SweepMachine? FromSnapshot(ReadOnlyMemory<byte> snapshot)
    {
        try
        {
            return SweepSnapshot.Read(Read, snapshot) is { } state ? new SweepMachine(Read, Search, Options, state) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
