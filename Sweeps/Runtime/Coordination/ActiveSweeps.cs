namespace Sweeps.Coordination;

/// <summary>Ids of the sweeps of a store that may have work; one that has just ended may be among them.</summary>
public delegate Task<IReadOnlyList<string>> ActiveSweeps(CancellationToken cancel);
