using Sweeps.Core;

namespace Sweeps.Log;

/// <summary>The append-only events of sweeps: the only truth. An append is a compare-and-swap on the last sequence number.</summary>
public interface IEventLog
{
    /// <summary>All sweeps' ids, newest first.</summary>
    Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel);

    /// <summary>
    /// The events after <paramref name="afterSeq"/> (0 for all), in order, at most <paramref name="limit"/>. An unknown sweep has none. Who wants
    /// a page says so: a database would read on to the end behind a reader that stops early.
    /// </summary>
    IAsyncEnumerable<LoggedEvent> ReadAsync(string sweep, long afterSeq, CancellationToken cancel, int limit = int.MaxValue);

    /// <summary>
    /// Appends all events or none, durably. Their numbers follow each other. Throws <see cref="LogConflictException"/> when the first
    /// number is not the next one: another coordinator has appended; <see cref="EventRefusedException"/> when the store can never hold them.
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

/// <summary>The log cannot hold an event, whoever tries however often: a text with a null character in a database, for instance.</summary>
public sealed class EventRefusedException(string sweep, string reason, Exception inner)
    : Exception($"The log of sweep '{sweep}' cannot hold what this would record: {reason}", inner);
