using Cluster.Harness;
using Sweeps.Core;

namespace Cluster.Nodes;

/// <summary>Silos that meet in PostgreSQL alone. A sweep is handed in by writing its first event.</summary>
internal sealed record PostgresNodes() : ClusterEngine("postgres")
{
    public override Task SubmitAsync(ClusterHarness cluster, string sweep, string spec) => cluster.Log.AppendAsync(
        sweep, [new LoggedEvent(1, DateTimeOffset.UtcNow, new SweepCreated(sweep, spec, "test"))], CancellationToken.None);

    public override async Task<string?> CoordinatorAsync(ClusterHarness cluster, string sweep)
    {
        await using var leader = cluster.Database.CreateCommand("SELECT node FROM sweep_leader WHERE sweep_id = $1");
        leader.Parameters.AddWithValue(sweep);
        return (string?)await leader.ExecuteScalarAsync();
    }
}
