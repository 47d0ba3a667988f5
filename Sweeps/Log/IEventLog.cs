using Sweeps.Core;

namespace Sweeps.Log;

/// <summary>The append-only events of sweeps: the only truth. An append is a compare-and-swap on the last sequence number.</summary>
public interface IEventLog
{
    /// <summary>All sweeps' ids, newest first.</summary>
    Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel);

    /// <summary>The events after <paramref name="afterSeq"/> (0 for all), in order. An unknown sweep has none.</summary>
    IAsyncEnumerable<LoggedEvent> ReadAsync(string sweep, long afterSeq, CancellationToken cancel);

    /// <summary>
    /// Appends all events or none, durably. Their numbers follow each other. Throws <see cref="LogConflictException"/> when the first
    /// number is not the next one: somebody else has appended.
    /// </summary>
    Task AppendAsync(string sweep, IReadOnlyList<LoggedEvent> events, CancellationToken cancel);

    /// <summary>The newest snapshot of a sweep's state, or null.</summary>
    Task<LogSnapshot?> ReadSnapshotAsync(string sweep, CancellationToken cancel);

    /// <summary>Replaces the snapshot. It is a cache: losing it costs only time.</summary>
    Task WriteSnapshotAsync(string sweep, LogSnapshot snapshot, CancellationToken cancel);
}

/// <summary>A state computed from the events up to <paramref name="Seq"/>.</summary>
public sealed record LogSnapshot(long Seq, ReadOnlyMemory<byte> Payload);

/// <summary>Another coordinator appended first: re-read the tail and decide again.</summary>
public sealed class LogConflictException(string sweep, long seq)
    : Exception($"The log of sweep '{sweep}' already has an event {seq}: another coordinator appended it first.");
