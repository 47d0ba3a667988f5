using Orleans;
using Orleans.CodeGeneration;
using Orleans.Concurrency;

namespace Grains.Contracts;

/// <summary>Lists sweeps and nodes and creates sweeps. There is one grain, with the key <c>directory</c>.</summary>
[Version(1), Alias("sweeps.directory")]
public interface ISweepDirectoryGrain : IGrainWithStringKey
{
    public const string Key = "directory";

    /// <summary>
    /// Creates a sweep with an id that the client has chosen, so that the call may be repeated. Returns the errors in the sweep file, or null.
    /// </summary>
    [Alias("create")]
    Task<string?> Create(string sweep, string spec, string fileName, string by, CancellationToken cancel = default);

    /// <summary>Returns the sweeps that have work.</summary>
    [ReadOnly]
    [Alias("active")]
    Task<SweepDescription[]> Active(CancellationToken cancel = default);

    /// <summary>Returns a sweep's description, or null when the directory has none.</summary>
    [ReadOnly]
    [Alias("find")]
    Task<SweepDescription?> Find(string sweep, CancellationToken cancel = default);

    /// <summary>
    /// Called by a coordinator when the sweep file or whether the sweep has work has changed. A description older than the known one is ignored.
    /// </summary>
    [Alias("describe")]
    Task Describe(SweepDescription sweep, CancellationToken cancel = default);

    /// <summary>Returns the ids of all sweeps, newest first.</summary>
    [ReadOnly]
    [Alias("list")]
    Task<string[]> List(CancellationToken cancel = default);

    /// <summary>Announces a node and its state. Nodes without an announcement for a lease time are removed.</summary>
    [Alias("announce")]
    Task<NodeOrders> Announce(NodeMessage node, CancellationToken cancel = default);

    /// <summary>Returns the nodes.</summary>
    [ReadOnly]
    [Alias("nodes")]
    Task<NodeMessage[]> Nodes(CancellationToken cancel = default);

    /// <summary>
    /// Returns why a sweep gets no slot, one sentence per cause: no node, no data set, no free slot. Empty when a slot trains it or soon will.
    /// </summary>
    [ReadOnly]
    [Alias("obstacles")]
    Task<string[]> Obstacles(string sweep, CancellationToken cancel = default);

    /// <summary>Drains a node; returns when it drains. False when there is no node with this name.</summary>
    [Alias("drain")]
    Task<bool> Drain(string node, CancellationToken cancel = default);

    /// <summary>Ends the drain of a node; returns when it requests work again. False when there is no node with this name.</summary>
    [Alias("undrain")]
    Task<bool> Undrain(string node, CancellationToken cancel = default);
}
