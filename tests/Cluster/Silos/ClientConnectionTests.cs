using Cluster.Harness;
using Tests.Shared;

namespace Cluster.Silos;

/// <summary>The command line when a cluster or its store does not answer, and when it reads the store only.</summary>
public sealed class ClientConnectionTests : IDisposable
{
    private const string Endless = """
        method: random
        run_cap: 2
        seed: 3
        epochs: 2
        trainable: function
        function: {name: branin, pace: 1h}
        metric: {name: value, goal: minimize}
        parameters:
          x1: {min: -5.0, max: 10.0}
          x2: {min: 0.0, max: 15.0}
        """;

    private static readonly string[] Reading =
        ["list", "show", "show --run 0", "top", "best", "why 0", "watch", "importance", "whatif --eta 3", "export --runs runs.csv"];

    private static readonly string[] Steering =
    [
        "pause", "resume", "stop", "cancel", "extend --run-cap 99", "enqueue -s x1=1 x2=1", "stop-run 0", "pin 0", "promote 0", "run sweep.yaml",
        "nodes", "drain x", "undrain x",
    ];

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly Samples samples = new();
    private readonly TemporaryFolder folder = new();

    public void Dispose()
    {
        samples.Dispose();
        folder.Dispose();
    }

    [PostgresFact]
    public async Task A_watch_goes_on_when_the_cluster_or_its_database_is_back_and_Ctrl_C_leaves_a_cluster_that_does_not_answer()
    {
        await using var cluster = await ClusterHarness.StartAsync(silos: 1);
        var silo = cluster.Silos[0];
        var person = new Person(folder.Path, "--cluster", $"127.0.0.1:{silo.GatewayPort}");
        await cluster.SubmitAsync(Endless);
        await using var watch = await person.StartAsync("watch");
        await watch.SawAsync("epochs");

        await silo.KillAsync();
        await watch.SawAsync("Watching goes on when it answers again");
        var refused = await person.FailsAsync("list", expected: 1);
        await silo.StartAsync();
        await watch.SawAsync("Watching goes on: ");
        watch.Signal("INT");
        await watch.Ended.WaitAsync(Limit);

        // A draining node runs nothing; the store does not record that it drains.
        var store = new Person(folder.Path, "--store", cluster.Postgres.ConnectionString());
        await person.SeesAsync($"drain 127.0.0.1:{silo.SiloPort}", "");
        await person.SeesAsync("show", "no process works on it");
        await person.SeesAsync($"undrain 127.0.0.1:{silo.SiloPort}", "");
        Assert.DoesNotContain("interrupted", await person.DoesAsync("show"), StringComparison.Ordinal);
        Assert.DoesNotContain("interrupted", await store.DoesAsync("show"), StringComparison.Ordinal);

        await using var stored = await store.StartAsync("watch");
        await stored.SawAsync("epochs");
        await cluster.Postgres.KillAsync();
        await stored.SawAsync("Watching goes on when it answers again");
        await cluster.Postgres.StartAgainAsync();
        await stored.SawAsync("Watching goes on: ");
        stored.Signal("INT");
        await stored.Ended.WaitAsync(Limit);
        await silo.ReadyAsync();

        silo.Signal("STOP");
        await using var list = await person.StartAsync("list");
        // A signal before the program has started would be lost.
        await Eventually.SeeAsync(
            "list ends after Ctrl-C",
            () =>
            {
                list.Signal("INT");
                return Task.FromResult(list.Ended.IsCompleted);
            },
            ended => ended, _ => 0, () => list.Output, every: 0.5);
        silo.Signal("CONT");
        silo.Signal("TERM");
        await silo.EndedAsync();
        await store.SeesAsync("show", "no process works on it");

        Assert.Contains("No silo answers at", refused, StringComparison.Ordinal);
        Assert.Equal(130, watch.ExitCode);
        Assert.Equal(130, stored.ExitCode);
        Assert.DoesNotContain("   at ", stored.Output, StringComparison.Ordinal);
        Assert.Equal(130, list.ExitCode);
        Assert.DoesNotContain("   at ", watch.Output, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_store_is_read_without_silos_and_never_steered()
    {
        await using var cluster = await ClusterHarness.StartAsync(silos: 1);
        var store = cluster.Postgres.ConnectionString();
        var person = new Person(folder.Path, "--store", store);
        await cluster.SubmitAsync(samples.Halving(runs: 1, first: 1, last: 1, width: 1024), "large-abcde");
        await cluster.EndedAsync("large-abcde");
        await cluster.SubmitAsync(samples.Halving(runs: 4, first: 1, last: 4));
        await cluster.EndedAsync("points-abcde");
        var gateway = $"127.0.0.1:{cluster.Silos[0].GatewayPort}";
        await new Person(folder.Path, "--cluster", gateway).DoesAsync($"export large-abcde --weights {folder["gateway.npz"]}");
        await cluster.Silos[0].KillAsync();

        // The weights that came through the gateway are larger than a message: they came in pieces.
        await person.DoesAsync($"export large-abcde --weights {folder["store.npz"]}");
        Assert.InRange(new FileInfo(folder["gateway.npz"]).Length, 3 << 20, int.MaxValue);
        Assert.Equal(await File.ReadAllBytesAsync(folder["store.npz"]), await File.ReadAllBytesAsync(folder["gateway.npz"]));

        foreach (var command in Reading)
            Assert.NotEqual("", await person.DoesAsync(command.Replace("runs.csv", folder["runs.csv"], StringComparison.Ordinal)));
        foreach (var command in Steering)
            Assert.Contains("--cluster address:port", await person.FailsAsync(command), StringComparison.Ordinal);

        await person.DoesAsync("store init");
        Assert.Contains("role", await new Person(folder.Path, "--store", store.Replace("Username=sweeps", "Username=x", StringComparison.Ordinal)).FailsAsync("list", expected: 1), StringComparison.Ordinal);
        await cluster.Postgres.KillAsync();
        await person.FailsAsync("list", expected: 1);
        await person.FailsAsync("store init", expected: 1);
        await cluster.Postgres.StartAgainAsync();
    }

    [PostgresFact]
    public async Task A_cluster_that_cannot_be_reached_is_said_in_one_sentence()
    {
        using var authority = new Authority();
        var own = authority.Issue();
        await using var cluster = await ClusterHarness.StartAsync(
            silos: 1, arguments: ["--tls-certificate", own.Certificate, "--tls-key", own.Key, "--tls-authority", own.Authority]);
        var (gateway, other) = ($"127.0.0.1:{cluster.Silos[0].GatewayPort}", $"127.0.0.1:{PostgresServer.FreePort()}");

        // Both clients try for their whole time limit, so they do it at the same time.
        var withoutCertificate = new Person(folder.Path, "--cluster", gateway).FailsAsync("nodes", expected: 1);
        var withoutSilo = new Person(folder.Path, "--cluster", other).FailsAsync("nodes", expected: 1);
        Assert.Contains("SWEEP_TLS_CERTIFICATE", await withoutCertificate, StringComparison.Ordinal);
        Assert.Contains(other, await withoutSilo, StringComparison.Ordinal);
        Assert.Contains("such as 127.0.0.1:30000", await new Person(folder.Path, "--cluster", "somewhere").FailsAsync("nodes"), StringComparison.Ordinal);
    }
}
