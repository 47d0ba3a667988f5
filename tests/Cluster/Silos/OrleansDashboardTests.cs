using Cluster.Monitoring;

namespace Cluster.Silos;

/// <summary>The dashboards show Orleans' own metrics too, so they are asked of an Orleans cluster.</summary>
public sealed class OrleansDashboardTests() : DashboardTests(new OrleansCluster());
