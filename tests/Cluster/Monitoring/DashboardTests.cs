using Cluster.Harness;
using Npgsql;
using Sweeps.Core;

namespace Cluster.Monitoring;

/// <summary>Sends every query of every dashboard and alert to real servers while a sweep runs.</summary>
public sealed class DashboardTests
{
    private const string Sweep = "watched-abcde";

    [MonitoringFact]
    public async Task Every_panel_and_every_alert_has_an_answer_while_a_sweep_runs()
    {
        using var samples = new Samples();
        await using var cluster = await ClusterHarness.StartAsync(silos: 2, slots: 2);
        await using var prometheus = await PrometheusServer.StartAsync(cluster.Silos.Select(silo => silo.HttpPort));

        // The sweep runs longer than the test; it ends with the cluster.
        await cluster.SubmitAsync(samples.Halving(runs: 6000, first: 1, last: 9), Sweep);
        await cluster.UntilAsync(Sweep, "runs are promoted and stopped", events => events.Facts<RunPromoted>().Any() && events.Facts<RunStopped>().Any());

        foreach (var query in Dashboard.All.SelectMany(dashboard => dashboard.Queries).Where(query => query.Expression is not null))
            await prometheus.AnswerAsync(query.Panel, query.PromQl(Sweep));
        foreach (var alert in Alerts.Expressions)
            await prometheus.QueryAsync(alert);
        foreach (var query in Dashboard.All.SelectMany(dashboard => dashboard.Queries).Where(query => query.Sql is not null))
            Assert.True(await HasRowsAsync(cluster.Database, query.PlainSql(Sweep, "val_loss", "ASC")), $"{query.Panel} has no rows.");
    }

    private static async Task<bool> HasRowsAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await using var rows = await command.ExecuteReaderAsync();
        return rows.HasRows;
    }
}
