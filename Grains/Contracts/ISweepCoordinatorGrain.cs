using Orleans;
using Orleans.CodeGeneration;
using Orleans.Concurrency;

namespace Grains.Contracts;

/// <summary>
/// The coordinator of one sweep. Key: <c>s-</c> and the sweep's id, which never looks like a number. Every method may be repeated when its
/// outcome is unknown.
/// </summary>
[Version(1), Alias("sweeps.coordinator")]
public interface ISweepCoordinatorGrain : IGrainWithStringKey
{
    /// <summary>A node's heartbeat and request for work.</summary>
    [Alias("request-work")]
    Task<WorkAnswer> RequestWork(WorkRequest request, CancellationToken cancel = default);

    /// <summary>The end of an epoch; answered when it is durable.</summary>
    [Alias("report")]
    Task<VerdictAnswer> Report(EpochMessage epoch, CancellationToken cancel = default);

    /// <summary>A node gives a run back with its checkpoint written.</summary>
    [Alias("release")]
    Task Release(RunMessage run, CancellationToken cancel = default);

    /// <summary>A run could not be trained.</summary>
    [Alias("fail")]
    Task Fail(FailureMessage failure, CancellationToken cancel = default);

    /// <summary>A node is dead: its runs are queued again.</summary>
    [Alias("lose-node")]
    Task LoseNode(string node, CancellationToken cancel = default);

    /// <summary>A person steers the sweep.</summary>
    [Alias("steer")]
    Task<SteerAnswer> Steer(SteerMessage steer, CancellationToken cancel = default);

    /// <summary>The test part was looked at for a run's model.</summary>
    [Alias("record-test")]
    Task RecordTest(TestMessage test, CancellationToken cancel = default);

    /// <summary>Events after a number: what a watcher folds into a state of its own. Does not wait for decisions in progress.</summary>
    [ReadOnly]
    [Alias("events")]
    Task<EventPage> Events(long afterSeq, int limit, CancellationToken cancel = default);

    /// <summary>What the directory shows of the sweep. Activates the coordinator of a sweep that has work.</summary>
    [ReadOnly]
    [Alias("describe")]
    Task<SweepDescription> Describe(CancellationToken cancel = default);
}
