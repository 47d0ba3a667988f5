using Orleans;
using Orleans.CodeGeneration;
using Orleans.Concurrency;

namespace Grains.Contracts;

/// <summary>Lists sweeps, nodes and archives of code, and creates sweeps. There is one such grain, with the key <c>directory</c>.</summary>
[Version(2), Alias("sweeps.directory")]
public interface ISweepDirectoryGrain : IGrainWithStringKey
{
    public const string Key = "directory";

    /// <summary>
    /// Creates a sweep with an id that the client has chosen, so that the call may be repeated. Returns the mistakes in the sweep file, or null.
    /// </summary>
    [Alias("create")]
    Task<string?> Create(string sweep, string spec, string fileName, string by, CancellationToken cancel = default);

    /// <summary>Returns the sweeps that have work.</summary>
    [ReadOnly]
    [Alias("active")]
    Task<SweepDescription[]> Active(CancellationToken cancel = default);

    /// <summary>Returns a sweep's description; null if the directory has none. The description of a sweep without work has no sweep file.</summary>
    [ReadOnly]
    [Alias("find")]
    Task<SweepDescription?> Find(string sweep, CancellationToken cancel = default);

    /// <summary>
    /// Called by a coordinator after its activation and when the sweep file, or whether the sweep has work, may have changed. A description that is older
    /// than the known one is ignored.
    /// </summary>
    [Alias("describe")]
    Task Describe(SweepDescription sweep, CancellationToken cancel = default);

    /// <summary>Returns the ids of all sweeps, newest first.</summary>
    [ReadOnly]
    [Alias("list")]
    Task<string[]> List(CancellationToken cancel = default);

    /// <summary>Returns the archives of code in the store that no client has sent, or checked for, within the last hour.</summary>
    [ReadOnly]
    [Alias("code")]
    Task<CodeMessage[]> Code(CancellationToken cancel = default);

    /// <summary>Announces a node and its state. A node is removed four seconds, the lease time, after its last announcement.</summary>
    [Alias("announce")]
    Task<NodeOrders> Announce(NodeMessage node, CancellationToken cancel = default);

    /// <summary>Returns the nodes.</summary>
    [ReadOnly]
    [Alias("nodes")]
    Task<NodeMessage[]> Nodes(CancellationToken cancel = default);

    /// <summary>
    /// Returns the reasons why a sweep gets no slot, one sentence each: no node, no data set, no free slot. Empty if a slot trains it or is free for it.
    /// </summary>
    [ReadOnly]
    [Alias("obstacles")]
    Task<string[]> Obstacles(string sweep, CancellationToken cancel = default);

    /// <summary>
    /// Drains a node and returns true when it drains. Returns false if there is no node with this name, or if it does not drain within four seconds.
    /// </summary>
    [Alias("drain")]
    Task<bool> Drain(string node, CancellationToken cancel = default);

    /// <summary>
    /// Ends the drain of a node and returns true when it requests work again. Returns false if there is no node with this name, or if it still drains after
    /// four seconds.
    /// </summary>
    [Alias("undrain")]
    Task<bool> Undrain(string node, CancellationToken cancel = default);
}
