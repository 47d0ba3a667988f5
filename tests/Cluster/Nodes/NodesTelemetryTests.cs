using Cluster.Telemetry;

namespace Cluster.Nodes;

/// <summary>With PostgreSQL alone.</summary>
public sealed class NodesTelemetryTests() : TelemetryTests(new PostgresNodes());
