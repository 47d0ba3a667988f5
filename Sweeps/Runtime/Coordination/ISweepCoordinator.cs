using Sweeps.Core;

namespace Sweeps.Coordination;

/// <summary>
/// A sweep's coordinator as nodes and people see it: in this process, behind a grain, or behind the PostgreSQL log. Every call may be
/// repeated when its outcome is unknown. The receiver stamps the time: <see cref="Command.At"/> of the argument is ignored.
/// </summary>
public interface ISweepCoordinator
{
    /// <summary>The sweep's id.</summary>
    string Sweep { get; }

    /// <summary>Decides a command; replies after its events are durable.</summary>
    Task<TReply> SendAsync<TReply>(Command command, CancellationToken cancel) where TReply : Reply;

    /// <summary>Up to <paramref name="limit"/> events after <paramref name="afterSeq"/>: what a watcher folds into its own state.</summary>
    Task<IReadOnlyList<LoggedEvent>> EventsAsync(long afterSeq, int limit, CancellationToken cancel);
}
