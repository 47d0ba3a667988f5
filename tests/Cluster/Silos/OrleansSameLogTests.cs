using Cluster.Harness;

namespace Cluster.Silos;

/// <summary>With Orleans.</summary>
public sealed class OrleansSameLogTests() : SameLogTests(new OrleansCluster());
