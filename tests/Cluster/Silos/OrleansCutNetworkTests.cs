using Cluster.Network;

namespace Cluster.Silos;

/// <summary>With Orleans.</summary>
public sealed class OrleansCutNetworkTests() : CutNetworkTests(new OrleansCluster());
