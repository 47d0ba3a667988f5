using Sweeps.Core;

namespace Sweeps.Log;

/// <summary>The append-only event logs of sweeps. All state is computed from them. An append is a compare-and-swap on the last sequence number.</summary>
public interface IEventLog
{
    /// <summary>Returns the ids of all sweeps, newest first.</summary>
    Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel);

    /// <summary>
    /// Returns the events after <paramref name="afterSeq"/> (0 for all), in order; none for an unknown sweep. A reader of one page must set
    /// <paramref name="limit"/>, because a database would send all rows to a reader that stops early.
    /// </summary>
    IAsyncEnumerable<LoggedEvent> ReadAsync(string sweep, long afterSeq, CancellationToken cancel, int limit = int.MaxValue);

    /// <summary>
    /// Appends all events or none, durably. Their sequence numbers must be consecutive. Throws <see cref="LogConflictException"/> if the first one is not
    /// the next of the log, because another coordinator has appended, and <see cref="EventRefusedException"/> if the store cannot hold the events.
    /// </summary>
    Task AppendAsync(string sweep, IReadOnlyList<LoggedEvent> events, CancellationToken cancel);

    /// <summary>Returns the snapshot of a sweep's state, or null.</summary>
    Task<LogSnapshot?> ReadSnapshotAsync(string sweep, CancellationToken cancel);

    /// <summary>Replaces the snapshot. It is a cache: its content can be computed from the log.</summary>
    Task WriteSnapshotAsync(string sweep, LogSnapshot snapshot, CancellationToken cancel);
}

/// <summary>The serialized state of a sweep after the event <paramref name="Seq"/>.</summary>
public sealed record LogSnapshot(long Seq, ReadOnlyMemory<byte> Payload);

/// <summary>Another coordinator appended first. Replay the log and decide again.</summary>
public sealed class LogConflictException(string sweep, long seq)
    : Exception($"The log of sweep '{sweep}' already has an event {seq}: another coordinator appended it first.");

/// <summary>The store cannot hold an event, and a retry is useless: for instance a text with a null character in PostgreSQL.</summary>
public sealed class EventRefusedException(string sweep, string reason, Exception inner)
    : Exception($"The log of sweep '{sweep}' cannot store the events of this command: {reason}", inner);

/// <summary>A newer version of the program wrote the log. The log is intact, but this version must not append to it.</summary>
public sealed class LogVersionException(string message) : Exception(message);
