using Cluster.Harness;

namespace Cluster.Nodes;

/// <summary>With PostgreSQL alone.</summary>
public sealed class NodesFreezeAndLeaveTests() : FreezeAndLeaveTests(new PostgresNodes());
