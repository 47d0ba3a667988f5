using Cluster.Network;

namespace Cluster.Nodes;

/// <summary>With PostgreSQL alone.</summary>
public sealed class NodesCutNetworkTests() : CutNetworkTests(new PostgresNodes());
