using Cluster.Harness;

namespace Cluster.Nodes;

/// <summary>With PostgreSQL alone.</summary>
public sealed class NodesSameLogTests() : SameLogTests(new PostgresNodes());
