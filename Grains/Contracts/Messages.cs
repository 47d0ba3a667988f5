using Orleans;

namespace Grains.Contracts;

/// <summary>The progress of an assignment within the current epoch.</summary>
/// <param name="Node">The node that trains it.</param>
/// <param name="Slot">The slot on that node, from 0.</param>
/// <param name="Epoch">The current epoch, from 1.</param>
/// <param name="Batch">The number of finished batches of the epoch.</param>
/// <param name="Batches">The number of batches per epoch; 0 for a trainable without batches.</param>
/// <param name="SamplesPerSecond">The number of training examples per second in this epoch.</param>
[GenerateSerializer, Immutable, Alias("sweeps.progress")]
public sealed record ProgressMessage(
    [property: Id(0)] string Node, [property: Id(1)] int Slot, [property: Id(2)] int Epoch, [property: Id(3)] int Batch,
    [property: Id(4)] int Batches, [property: Id(5)] double SamplesPerSecond);

/// <summary>Events as lines of the log.</summary>
[GenerateSerializer, Immutable, Alias("sweeps.events")]
public sealed record EventPage([property: Id(0)] string[] Lines);

/// <summary>The description of a sweep for the directory and the nodes: whether it has work, its sweep file, and the number of its last event.</summary>
[GenerateSerializer, Immutable, Alias("sweeps.description")]
public sealed record SweepDescription(
    [property: Id(0)] string Sweep, [property: Id(1)] bool Active, [property: Id(2)] string Spec, [property: Id(3)] long Seq);

/// <summary>A sweep that has work. A node fetches the description again if <paramref name="Seq"/> has changed.</summary>
[GenerateSerializer, Immutable, Alias("sweeps.head")]
public readonly record struct SweepHead([property: Id(0)] string Sweep, [property: Id(1)] long Seq);

/// <summary>The state of an active sweep on a node.</summary>
/// <param name="Sweep">The sweep.</param>
/// <param name="Slots">The number of slots that train it on the node.</param>
/// <param name="Obstacle">The reason why the node cannot train it, or null.</param>
[GenerateSerializer, Immutable, Alias("sweeps.node-sweep")]
public sealed record NodeSweep([property: Id(0)] string Sweep, [property: Id(1)] int Slots, [property: Id(2)] string? Obstacle);

/// <summary>The state of a node, which it announces to the directory.</summary>
/// <param name="Name">A name that is unique per process start.</param>
/// <param name="Slots">The number of slots.</param>
/// <param name="Busy">The number of slots in use.</param>
/// <param name="Draining">Whether the node drains.</param>
/// <param name="Datasets">The data sets in memory.</param>
/// <param name="Version">The version of the program.</param>
/// <param name="Format">The newest assignment format that the node can execute; 0 from silos that do not send it.</param>
/// <param name="Sweeps">The active sweeps; null from silos that do not send them.</param>
/// <param name="Trouble">The reason why the node cannot work for any sweep, or null.</param>
/// <param name="Resources">The cores, memory and GPUs and how much of each is free, as text; null from a node that runs no programs.</param>
/// <param name="Capacity">The resources for programs; null from a node that runs none, and from silos that do not send it.</param>
[GenerateSerializer, Immutable, Alias("sweeps.node")]
public sealed record NodeMessage(
    [property: Id(0)] string Name, [property: Id(1)] int Slots, [property: Id(2)] int Busy, [property: Id(3)] bool Draining,
    [property: Id(4)] string[] Datasets, [property: Id(5)] string Version, [property: Id(6)] int Format = 0,
    [property: Id(7)] NodeSweep[]? Sweeps = null, [property: Id(8)] string? Trouble = null,
    [property: Id(9)] string? Resources = null, [property: Id(10)] NodeCapacity? Capacity = null);

/// <summary>The resources of a node for programs, whether they are free or in use.</summary>
/// <param name="Cpus">The number of cores.</param>
/// <param name="Memory">The memory in bytes.</param>
/// <param name="Gpus">The number of GPUs.</param>
/// <param name="Code">Whether the node runs code that clients send with their sweeps.</param>
/// <param name="Programs">Whether the node runs programs of the folders in <c>--programs</c>.</param>
[GenerateSerializer, Immutable, Alias("sweeps.node-capacity")]
public sealed record NodeCapacity(
    [property: Id(0)] double Cpus, [property: Id(1)] long Memory, [property: Id(2)] int Gpus, [property: Id(3)] bool Code, [property: Id(4)] bool Programs);

/// <summary>The directory's answer to a node.</summary>
/// <param name="Drain">Whether the node must drain.</param>
/// <param name="Undrain">Whether the node must end its drain.</param>
/// <param name="Sweeps">The sweeps that have work.</param>
[GenerateSerializer, Immutable, Alias("sweeps.node-orders")]
public sealed record NodeOrders([property: Id(0)] bool Drain, [property: Id(1)] bool Undrain, [property: Id(2)] SweepHead[] Sweeps);
