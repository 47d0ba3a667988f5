namespace Cluster.Harness;

/// <summary>Kills something, and starts it again without waiting for it.</summary>
internal sealed class Killer(ClusterHarness cluster, string sweep, Random random)
{
    /// <summary>One kill: mostly any silo, sometimes the one that holds the coordinator, all of them at once, or PostgreSQL.</summary>
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
                // Whoever gave up at start because the database was away is started again, as a supervisor would.
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
