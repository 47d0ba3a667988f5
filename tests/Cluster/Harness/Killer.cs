namespace Cluster.Harness;

/// <summary>Kills processes of a cluster and restarts them, without waiting until they are ready.</summary>
internal sealed class Killer(ClusterHarness cluster, string sweep, Random random)
{
    /// <summary>Kills once: mostly a random silo, sometimes the one with the coordinator, all silos, or PostgreSQL.</summary>
    public async Task KillAsync()
    {
        switch (random.Next(10))
        {
            case < 6:
                await KillAsync(cluster.Silos[random.Next(cluster.Silos.Count)]);
                break;
            case < 8:
                await KillAsync(await cluster.CoordinatorSiloAsync(sweep));
                break;
            case 8:
                await Task.WhenAll(cluster.Silos.Select(KillAsync));
                break;
            default:
                await cluster.Postgres.KillAsync();
                await cluster.Postgres.StartAgainAsync();
                // A silo that ended at its start because the database was down is started again, as a supervisor would.
                await Task.WhenAll(cluster.Silos.Where(silo => !silo.Running).Select(silo => silo.StartAsync()));
                break;
        }
    }

    private static async Task KillAsync(SiloNode silo)
    {
        await silo.KillAsync();
        await silo.StartAsync();
    }
}
