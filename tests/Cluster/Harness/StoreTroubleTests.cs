using System.Net;
using Sweeps.Core;
using Tests.Shared;

namespace Cluster.Harness;

/// <summary>The database is down or refuses writes: silos keep running, report not ready, and recover without a restart.</summary>
public sealed class StoreTroubleTests : IDisposable
{
    private const string Refuses = "the store refuses writes", Gone = "the store cannot be reached";

    private readonly Samples samples = new();
    private readonly TemporaryFolder folder = new();

    public void Dispose()
    {
        samples.Dispose();
        folder.Dispose();
    }

    [PostgresFact]
    public async Task A_silo_whose_database_is_gone_lives_is_not_ready_and_recovers_with_it()
    {
        await using var cluster = await ClusterHarness.StartAsync(silos: 2);
        var sweep = await cluster.SubmitAsync(samples.Endless(runs: 2));
        await cluster.RecordedAsync(sweep, 3);

        await cluster.Postgres.KillAsync();
        await Task.WhenAll(cluster.Silos.Select(silo => silo.NotReadyAsync(Gone)));
        Assert.Equal((HttpStatusCode.OK, "live\n"), await cluster.Silos[0].HealthAsync("live"));
        var person = new Person(folder.Path, "--cluster", string.Join(',', cluster.Silos.Select(silo => $"127.0.0.1:{silo.GatewayPort}")));
        foreach (var command in (string[])["list", $"show {sweep}"])
            Assert.Contains("The store of the cluster", await person.FailsAsync(command, expected: 1), StringComparison.Ordinal);
        await cluster.Postgres.StartAgainAsync();

        await Task.WhenAll(cluster.Silos.Select(silo => silo.ReadyAsync()));
        await GoesOnAsync(cluster, sweep);
    }

    [PostgresFact]
    public async Task Silos_that_may_not_write_say_so_and_a_command_is_withdrawn_with_the_reason()
    {
        await using var cluster = await ClusterHarness.StartAsync(silos: 2);
        var sweep = await cluster.SubmitAsync(samples.Endless(runs: 2));
        await cluster.RecordedAsync(sweep, 3);
        var person = new Person(folder.Path, "--cluster", string.Join(',', cluster.Silos.Select(silo => $"127.0.0.1:{silo.GatewayPort}")));

        await cluster.RefuseAsync("sweep_event");
        await Task.WhenAll(cluster.Silos.Select(silo => silo.NotReadyAsync(Refuses)));
        Assert.Equal(HttpStatusCode.OK, (await cluster.Silos[0].HealthAsync("live")).Status);
        Assert.Contains(Refuses, await person.DoesAsync("nodes"), StringComparison.Ordinal);
        var refused = await person.FailsAsync($"pause {sweep}", expected: 1);
        Assert.Contains("withdrawn and has no effect, because the store does not accept it: 53100", refused, StringComparison.Ordinal);
        await cluster.AcceptAsync("sweep_event");

        await Task.WhenAll(cluster.Silos.Select(silo => silo.ReadyAsync()));
        var events = await GoesOnAsync(cluster, sweep);
        SweepLog.AssertNothingIsLostOrDoubled(events);
        Assert.Empty(events.Facts<RunLost>());
        Assert.Empty(events.Facts<SweepSteered>());
    }

    /// <summary>Waits for three more epochs, and returns the log.</summary>
    private static async Task<IReadOnlyList<LoggedEvent>> GoesOnAsync(ClusterHarness cluster, string sweep)
    {
        var now = await cluster.UntilAsync(sweep, "the log can be read", _ => true);
        return await cluster.RecordedAsync(sweep, now.Epochs().Count() + 3);
    }
}
