using Orleans;

namespace Grains.Contracts;

/// <summary>A run on a node's slot.</summary>
[GenerateSerializer, Immutable, Alias("sweeps.lease")]
public readonly record struct LeaseMessage([property: Id(0)] int Run, [property: Id(1)] int Generation, [property: Id(3)] bool Test);

/// <summary>A node's heartbeat and request for work.</summary>
/// <param name="Node">The node's name.</param>
/// <param name="Free">The number of free slots that the node offers.</param>
/// <param name="Running">All runs of this sweep on the node.</param>
/// <param name="Format">The newest <see cref="AssignmentMessage.Format"/> it can execute; 0 from programs that do not send it.</param>
[GenerateSerializer, Immutable, Alias("sweeps.work-request")]
public sealed record WorkRequest(
    [property: Id(0)] string Node, [property: Id(1)] int Free, [property: Id(2)] LeaseMessage[] Running, [property: Id(3)] int Format = 0);

/// <summary>Assignments for free slots, and runs to abandon.</summary>
[GenerateSerializer, Immutable, Alias("sweeps.work-answer")]
public sealed record WorkAnswer(
    [property: Id(0)] AssignmentMessage[] Assignments, [property: Id(1)] LeaseMessage[] Abandon, [property: Id(2)] bool Done);

/// <summary>An assignment. <paramref name="Created"/> is the line of the log that created the run, with its number, configuration and seed.</summary>
[GenerateSerializer, Immutable, Alias("sweeps.assignment")]
public sealed record AssignmentMessage(
    [property: Id(0)] string Created, [property: Id(1)] int Generation, [property: Id(2)] int RecordedEpoch, [property: Id(3)] int UntilEpoch,
    [property: Id(4)] int[] WaitAt, [property: Id(5)] bool Test)
{
    /// <summary>
    /// The version of the assignment format. It must be raised when an older program could not execute a new assignment: silos with an older format
    /// get no work, instead of failing every run.
    /// </summary>
    public const int Format = 1;
}

/// <summary>The progress of an assignment within the current epoch.</summary>
/// <param name="Node">The node that trains it.</param>
/// <param name="Slot">The slot on that node, from 0.</param>
/// <param name="Epoch">The current epoch, from 1.</param>
/// <param name="Batch">The number of finished batches of the epoch.</param>
/// <param name="Batches">The number of batches per epoch; 0 for a trainable without batches.</param>
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

/// <summary>The verdict on an epoch as a number, whose reason is in the log; or why the report was refused.</summary>
[GenerateSerializer, Immutable, Alias("sweeps.verdict")]
public sealed record VerdictAnswer([property: Id(0)] int Verdict, [property: Id(1)] string? Refusal = null);

/// <summary>A run under a generation on a node.</summary>
[GenerateSerializer, Immutable, Alias("sweeps.run")]
public sealed record RunMessage([property: Id(0)] string Node, [property: Id(1)] int Run, [property: Id(2)] int Generation);

/// <summary>A run that could not be trained.</summary>
[GenerateSerializer, Immutable, Alias("sweeps.failure")]
public sealed record FailureMessage([property: Id(0)] RunMessage Run, [property: Id(1)] string Error, [property: Id(2)] bool Permanent);

/// <summary>A steering command, as the line of the log that it becomes.</summary>
[GenerateSerializer, Immutable, Alias("sweeps.steer")]
public sealed record SteerMessage([property: Id(0)] string Steered);

/// <summary>Whether a steering command was accepted.</summary>
[GenerateSerializer, Immutable, Alias("sweeps.steer-answer")]
public sealed record SteerAnswer([property: Id(0)] bool Accepted, [property: Id(1)] string Message);

/// <summary>Metrics on the test part.</summary>
[GenerateSerializer, Immutable, Alias("sweeps.test")]
public sealed record TestMessage(
    [property: Id(0)] int Run, [property: Id(1)] int Epoch, [property: Id(2)] Dictionary<string, double> Metrics, [property: Id(3)] string? Error);

/// <summary>Events as lines of the log.</summary>
[GenerateSerializer, Immutable, Alias("sweeps.events")]
public sealed record EventPage([property: Id(0)] string[] Lines);

/// <summary>The description of a sweep for the directory and the nodes.</summary>
[GenerateSerializer, Immutable, Alias("sweeps.description")]
public sealed record SweepDescription(
    [property: Id(0)] string Sweep, [property: Id(1)] bool Active, [property: Id(2)] string Spec, [property: Id(3)] long Seq);

/// <summary>A sweep that has work. The description must be fetched again when <paramref name="Seq"/> has changed.</summary>
[GenerateSerializer, Immutable, Alias("sweeps.head")]
public readonly record struct SweepHead([property: Id(0)] string Sweep, [property: Id(1)] long Seq);

/// <summary>An active sweep as a node sees it.</summary>
/// <param name="Sweep">The sweep.</param>
/// <param name="Slots">The number of slots that train it on the node.</param>
/// <param name="Obstacle">Why the node cannot train it, or null.</param>
[GenerateSerializer, Immutable, Alias("sweeps.node-sweep")]
public sealed record NodeSweep([property: Id(0)] string Sweep, [property: Id(1)] int Slots, [property: Id(2)] string? Obstacle);

/// <summary>A node as the directory knows it.</summary>
/// <param name="Name">A name that is unique per process start.</param>
/// <param name="Slots">The number of slots.</param>
/// <param name="Busy">The number of slots in use.</param>
/// <param name="Draining">Whether the node drains.</param>
/// <param name="Datasets">The data sets in memory.</param>
/// <param name="Version">The version of the program.</param>
/// <param name="Format">The newest assignment format that the node can execute; 0 from programs that do not send it.</param>
/// <param name="Sweeps">The active sweeps; null from programs that do not send them.</param>
/// <param name="Trouble">What prevents the node from working for any sweep, or null.</param>
[GenerateSerializer, Immutable, Alias("sweeps.node")]
public sealed record NodeMessage(
    [property: Id(0)] string Name, [property: Id(1)] int Slots, [property: Id(2)] int Busy, [property: Id(3)] bool Draining,
    [property: Id(4)] string[] Datasets, [property: Id(5)] string Version, [property: Id(6)] int Format = 0,
    [property: Id(7)] NodeSweep[]? Sweeps = null, [property: Id(8)] string? Trouble = null);

/// <summary>The directory's answer to a node.</summary>
/// <param name="Drain">Whether the node must drain.</param>
/// <param name="Undrain">Whether the node must end its drain.</param>
/// <param name="Sweeps">The sweeps that have work.</param>
[GenerateSerializer, Immutable, Alias("sweeps.node-orders")]
public sealed record NodeOrders([property: Id(0)] bool Drain, [property: Id(1)] bool Undrain, [property: Id(2)] SweepHead[] Sweeps);
