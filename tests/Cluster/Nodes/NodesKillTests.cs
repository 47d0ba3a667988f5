using Cluster.Harness;

namespace Cluster.Nodes;

/// <summary>With PostgreSQL alone.</summary>
public sealed class NodesKillTests() : KillTests(new PostgresNodes(), kills: 20);
