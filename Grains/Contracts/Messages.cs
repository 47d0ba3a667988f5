using Orleans;

namespace Grains.Contracts;

/// <summary>A run on a node's slot.</summary>
[GenerateSerializer, Immutable, Alias("sweeps.lease")]
public readonly record struct LeaseMessage([property: Id(0)] int Run, [property: Id(1)] int Generation, [property: Id(3)] bool Test);

/// <summary>A node's heartbeat: free slots and the full list of what it is running.</summary>
/// <param name="Node">The node's name.</param>
/// <param name="Free">Slots that could start now.</param>
/// <param name="Running">This sweep's runs on the node.</param>
/// <param name="Format">The newest <see cref="AssignmentMessage.Format"/> it can carry out; 0 from programs that do not send it.</param>
[GenerateSerializer, Immutable, Alias("sweeps.work-request")]
public sealed record WorkRequest(
    [property: Id(0)] string Node, [property: Id(1)] int Free, [property: Id(2)] LeaseMessage[] Running, [property: Id(3)] int Format = 0);

/// <summary>Work for free slots, and what to drop.</summary>
[GenerateSerializer, Immutable, Alias("sweeps.work-answer")]
public sealed record WorkAnswer(
    [property: Id(0)] AssignmentMessage[] Assignments, [property: Id(1)] LeaseMessage[] Abandon, [property: Id(2)] bool Done);

/// <summary>One assignment. The run's number, configuration and seed are the line of the log that created it.</summary>
[GenerateSerializer, Immutable, Alias("sweeps.assignment")]
public sealed record AssignmentMessage(
    [property: Id(0)] string Created, [property: Id(1)] int Generation, [property: Id(2)] int RecordedEpoch, [property: Id(3)] int UntilEpoch,
    [property: Id(4)] int[] WaitAt, [property: Id(5)] bool Test)
{
    /// <summary>
    /// Raised whenever an assignment, or the event inside it, gains something that an older program cannot carry out: silos of such a program
    /// are then given no work, instead of losing every run they are given.
    /// </summary>
    public const int Format = 1;
}

/// <summary>How far an assignment is inside its epoch.</summary>
/// <param name="Node">The node that trains it.</param>
/// <param name="Slot">The slot on that node, from 0.</param>
/// <param name="Epoch">The epoch under way, from 1.</param>
/// <param name="Batch">Finished batches of it.</param>
/// <param name="Batches">Batches of an epoch; 0 when the trainable has none.</param>
/// <param name="SamplesPerSecond">Training examples per second in this epoch.</param>
[GenerateSerializer, Immutable, Alias("sweeps.progress")]
public sealed record ProgressMessage(
    [property: Id(0)] string Node, [property: Id(1)] int Slot, [property: Id(2)] int Epoch, [property: Id(3)] int Batch,
    [property: Id(4)] int Batches, [property: Id(5)] double SamplesPerSecond);

/// <summary>The end of an epoch.</summary>
[GenerateSerializer, Immutable, Alias("sweeps.epoch")]
public sealed record EpochMessage(
    [property: Id(0)] string Node, [property: Id(1)] int Run, [property: Id(2)] int Generation, [property: Id(3)] int Epoch,
    [property: Id(4)] Dictionary<string, double> Metrics, [property: Id(5)] double Seconds, [property: Id(6)] string? Divergence,
    [property: Id(7)] bool Last, [property: Id(8)] string? Restarted);

/// <summary>What to do after an epoch: the number of a verdict, whose reason is in the log; or why the report was refused.</summary>
[GenerateSerializer, Immutable, Alias("sweeps.verdict")]
public sealed record VerdictAnswer([property: Id(0)] int Verdict, [property: Id(1)] string? Refusal = null);

/// <summary>A run under a generation on a node.</summary>
[GenerateSerializer, Immutable, Alias("sweeps.run")]
public sealed record RunMessage([property: Id(0)] string Node, [property: Id(1)] int Run, [property: Id(2)] int Generation);

/// <summary>A run that could not be trained.</summary>
[GenerateSerializer, Immutable, Alias("sweeps.failure")]
public sealed record FailureMessage([property: Id(0)] RunMessage Run, [property: Id(1)] string Error, [property: Id(2)] bool Permanent);

/// <summary>What a person wants, as the line of the log that it will be.</summary>
[GenerateSerializer, Immutable, Alias("sweeps.steer")]
public sealed record SteerMessage([property: Id(0)] string Steered);

/// <summary>Whether it was accepted.</summary>
[GenerateSerializer, Immutable, Alias("sweeps.steer-answer")]
public sealed record SteerAnswer([property: Id(0)] bool Accepted, [property: Id(1)] string Message);

/// <summary>Metrics on the test part.</summary>
[GenerateSerializer, Immutable, Alias("sweeps.test")]
public sealed record TestMessage(
    [property: Id(0)] int Run, [property: Id(1)] int Epoch, [property: Id(2)] Dictionary<string, double> Metrics, [property: Id(3)] string? Error);

/// <summary>Events as lines of the log.</summary>
[GenerateSerializer, Immutable, Alias("sweeps.events")]
public sealed record EventPage([property: Id(0)] string[] Lines);

/// <summary>A sweep as nodes must know it: whether it has work, and the text of its sweep file.</summary>
[GenerateSerializer, Immutable, Alias("sweeps.description")]
public sealed record SweepDescription(
    [property: Id(0)] string Sweep, [property: Id(1)] bool Active, [property: Id(2)] string Spec, [property: Id(3)] long Seq);

/// <summary>A sweep that has work. Its description is to be fetched again when <paramref name="Seq"/> has grown.</summary>
[GenerateSerializer, Immutable, Alias("sweeps.head")]
public readonly record struct SweepHead([property: Id(0)] string Sweep, [property: Id(1)] long Seq);

/// <summary>An active sweep as a node sees it.</summary>
/// <param name="Sweep">The sweep.</param>
/// <param name="Slots">Slots of the node that train it.</param>
/// <param name="Obstacle">Why the node cannot train it, or null.</param>
[GenerateSerializer, Immutable, Alias("sweeps.node-sweep")]
public sealed record NodeSweep([property: Id(0)] string Sweep, [property: Id(1)] int Slots, [property: Id(2)] string? Obstacle);

/// <summary>A node as the directory knows it.</summary>
/// <param name="Name">Unique per process start.</param>
/// <param name="Slots">Its slots.</param>
/// <param name="Busy">Slots in use.</param>
/// <param name="Draining">It takes no more work.</param>
/// <param name="Datasets">Data sets in its memory.</param>
/// <param name="Version">Its program's version.</param>
/// <param name="Format">The newest assignment format it can carry out; 0 from programs that do not send it.</param>
/// <param name="Sweeps">The active sweeps; null from programs that do not send them.</param>
/// <param name="Trouble">What keeps the whole node from its work, or null.</param>
[GenerateSerializer, Immutable, Alias("sweeps.node")]
public sealed record NodeMessage(
    [property: Id(0)] string Name, [property: Id(1)] int Slots, [property: Id(2)] int Busy, [property: Id(3)] bool Draining,
    [property: Id(4)] string[] Datasets, [property: Id(5)] string Version, [property: Id(6)] int Format = 0,
    [property: Id(7)] NodeSweep[]? Sweeps = null, [property: Id(8)] string? Trouble = null);

/// <summary>The directory's answer to a node.</summary>
/// <param name="Drain">Hand the runs over and ask for no more.</param>
/// <param name="Undrain">Ask for work again.</param>
/// <param name="Sweeps">The sweeps that have work.</param>
[GenerateSerializer, Immutable, Alias("sweeps.node-orders")]
public sealed record NodeOrders([property: Id(0)] bool Drain, [property: Id(1)] bool Undrain, [property: Id(2)] SweepHead[] Sweeps);
