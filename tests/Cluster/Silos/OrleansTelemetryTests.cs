using Cluster.Telemetry;

namespace Cluster.Silos;

/// <summary>With Orleans.</summary>
public sealed class OrleansTelemetryTests() : TelemetryTests(new OrleansCluster());
