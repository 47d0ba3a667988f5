using Sweeps.Core;
using Sweeps.Log;

namespace Sweeps.Hosting.Postgres;

/// <summary>
/// A sweep's coordinator as nodes and people see it: the one in this process while this node leads the sweep, else the leader's, through the
/// mailbox. The leader may change between two commands.
/// </summary>
/// <param name="sweep">The sweep's id.</param>
/// <param name="log">Where events are read.</param>
/// <param name="mailbox">The way to the leader.</param>
/// <param name="here">The coordinator in this process, or null; null for a process that never leads.</param>
public sealed class PostgresCoordinator(string sweep, IEventLog log, PostgresMailbox mailbox, Func<ISweepCoordinator?>? here = null)
    : ISweepCoordinator
{
    /// <inheritdoc/>
    public string Sweep => sweep;

    /// <inheritdoc/>
    public async Task<TReply> SendAsync<TReply>(Command command, CancellationToken cancel) where TReply : Reply =>
        here?.Invoke() is { } local
            ? await local.SendAsync<TReply>(command, cancel)
            : (TReply)await mailbox.SendAsync(sweep, command, cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<LoggedEvent>> EventsAsync(long afterSeq, int limit, CancellationToken cancel) =>
        log.ReadPageAsync(sweep, afterSeq, limit, cancel);
}
