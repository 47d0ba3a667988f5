using Orleans;
using Orleans.CodeGeneration;
using Orleans.Concurrency;

namespace Grains.Contracts;

/// <summary>The list of sweeps and the way to begin one. One grain, key <c>directory</c>.</summary>
[Version(1), Alias("sweeps.directory")]
public interface ISweepDirectoryGrain : IGrainWithStringKey
{
    /// <summary>The one key.</summary>
    public const string Key = "directory";

    /// <summary>
    /// Creates a sweep with an id of the client's making, so that asking again is harmless. Answers with the mistakes in the file, or null.
    /// </summary>
    [Alias("create")]
    Task<string?> Create(string sweep, string spec, string fileName, string by, CancellationToken cancel = default);

    /// <summary>Sweeps that have work to do.</summary>
    [ReadOnly]
    [Alias("active")]
    Task<SweepDescription[]> Active(CancellationToken cancel = default);

    /// <summary>A sweep's description, or null when the directory has none.</summary>
    [ReadOnly]
    [Alias("find")]
    Task<SweepDescription?> Find(string sweep, CancellationToken cancel = default);

    /// <summary>
    /// A coordinator says that its sweep's file, or whether it has work, has changed. A description older than the known one is ignored.
    /// </summary>
    [Alias("describe")]
    Task Describe(SweepDescription sweep, CancellationToken cancel = default);

    /// <summary>All sweeps' ids, newest first.</summary>
    [ReadOnly]
    [Alias("list")]
    Task<string[]> List(CancellationToken cancel = default);

    /// <summary>A node says that it is there and what it has; nodes that have been silent for a lease time are forgotten.</summary>
    [Alias("announce")]
    Task<NodeOrders> Announce(NodeMessage node, CancellationToken cancel = default);

    /// <summary>The nodes that are there.</summary>
    [ReadOnly]
    [Alias("nodes")]
    Task<NodeMessage[]> Nodes(CancellationToken cancel = default);

    /// <summary>
    /// What keeps a sweep from using a slot, one sentence each: no node, no data, no free slot. Empty when a slot trains it or will in a moment.
    /// </summary>
    [ReadOnly]
    [Alias("obstacles")]
    Task<string[]> Obstacles(string sweep, CancellationToken cancel = default);

    /// <summary>Has a node drain, and returns when it does. False when there is no node of this name.</summary>
    [Alias("drain")]
    Task<bool> Drain(string node, CancellationToken cancel = default);

    /// <summary>Has a draining node ask for work again, and returns when it does. False when there is no node of this name.</summary>
    [Alias("undrain")]
    Task<bool> Undrain(string node, CancellationToken cancel = default);
}
