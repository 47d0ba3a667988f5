namespace Sweeps.Hosting;

/// <summary>Ids of the sweeps of a store that may have work; those that have ended may be among them.</summary>
public delegate Task<IReadOnlyList<string>> ActiveSweeps(CancellationToken cancel);
