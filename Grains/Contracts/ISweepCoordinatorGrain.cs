using Orleans;
using Orleans.CodeGeneration;
using Orleans.Concurrency;

namespace Grains.Contracts;

/// <summary>
/// The coordinator of one sweep. Key: <c>s-</c> and the sweep's id, which never parses as a number. Every method may be repeated when its outcome is
/// unknown.
/// </summary>
[Version(1), Alias("sweeps.coordinator")]
public interface ISweepCoordinatorGrain : IGrainWithStringKey
{
    /// <summary>A node's heartbeat and request for work.</summary>
    [Alias("request-work")]
    Task<WorkAnswer> RequestWork(WorkRequest request, CancellationToken cancel = default);

    /// <summary>Reports the end of an epoch; answers when the report is durable.</summary>
    [Alias("report")]
    Task<VerdictAnswer> Report(EpochMessage epoch, CancellationToken cancel = default);

    /// <summary>Gives a run back after its checkpoint was written.</summary>
    [Alias("release")]
    Task Release(RunMessage run, CancellationToken cancel = default);

    /// <summary>Reports that a run could not be trained.</summary>
    [Alias("fail")]
    Task Fail(FailureMessage failure, CancellationToken cancel = default);

    /// <summary>Queues the runs of a dead node again.</summary>
    [Alias("lose-node")]
    Task LoseNode(string node, CancellationToken cancel = default);

    [Alias("steer")]
    Task<SteerAnswer> Steer(SteerMessage steer, CancellationToken cancel = default);

    /// <summary>Records the evaluation of a run's best weights on the test part.</summary>
    [Alias("record-test")]
    Task RecordTest(TestMessage test, CancellationToken cancel = default);

    /// <summary>Returns events after a sequence number, for watchers. Does not wait for decisions in progress.</summary>
    [ReadOnly]
    [Alias("events")]
    Task<EventPage> Events(long afterSeq, int limit, CancellationToken cancel = default);

    /// <summary>Returns the description of the sweep for the directory. The call activates the coordinator.</summary>
    [ReadOnly]
    [Alias("describe")]
    Task<SweepDescription> Describe(CancellationToken cancel = default);
}
