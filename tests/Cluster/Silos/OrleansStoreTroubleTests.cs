using Cluster.Harness;

namespace Cluster.Silos;

/// <summary>With Orleans.</summary>
public sealed class OrleansStoreTroubleTests() : StoreTroubleTests(new OrleansCluster());
