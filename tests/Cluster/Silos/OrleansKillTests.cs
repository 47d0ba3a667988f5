using Cluster.Harness;

namespace Cluster.Silos;

/// <summary>With Orleans.</summary>
public sealed class OrleansKillTests() : KillTests(new OrleansCluster(), kills: 50);
