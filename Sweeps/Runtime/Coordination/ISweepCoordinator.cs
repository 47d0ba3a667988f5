using Sweeps.Core;

namespace Sweeps.Coordination;

/// <summary>
/// The interface of a sweep's coordinator for nodes and clients, in this process or behind a grain. Every call may be repeated when its outcome
/// is unknown.
/// </summary>
public interface ISweepCoordinator
{
    /// <summary>The sweep's id.</summary>
    string Sweep { get; }

    /// <summary>Decides a command; replies after its events are durable.</summary>
    Task<TReply> SendAsync<TReply>(Command<TReply> command, CancellationToken cancel) where TReply : Reply;

    /// <summary>Returns up to <paramref name="limit"/> events after <paramref name="afterSeq"/>, for watchers that fold them into their own state.</summary>
    Task<IReadOnlyList<LoggedEvent>> EventsAsync(long afterSeq, int limit, CancellationToken cancel);
}
