using Orleans;
using Orleans.CodeGeneration;
using Orleans.Concurrency;
using Sweeps.Core;

namespace Grains.Contracts;

/// <summary>
/// The coordinator of one sweep. The key is <c>s-</c> and the sweep's id, which never parses as a number. Every method may be repeated if its outcome
/// is unknown.
/// </summary>
[Version(2), Alias("sweeps.coordinator")]
public interface ISweepCoordinatorGrain : IGrainWithStringKey
{
    /// <summary>
    /// Decides a command and answers when its events are durable. Throws <see cref="RefusedReportException"/> for an impossible report.
    /// </summary>
    [Alias("send")]
    Task<TReply> Send<TReply>(Command<TReply> command, CancellationToken cancel = default) where TReply : Reply;

    /// <summary>Returns events after a sequence number, for watchers. Does not wait for decisions in progress.</summary>
    [ReadOnly]
    [Alias("events")]
    Task<EventPage> Events(long afterSeq, int limit, CancellationToken cancel = default);

    /// <summary>Returns the description of the sweep for the directory. The call activates the coordinator.</summary>
    [ReadOnly]
    [Alias("describe")]
    Task<SweepDescription> Describe(CancellationToken cancel = default);
}
