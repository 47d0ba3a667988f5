using Cluster.Harness;
using Grains;
using Orleans.Connections.Security;
using Sweeps.Core;
using Tests.Shared;

namespace Cluster.Silos;

/// <summary>With certificates, silos and clients accept only peers of the same authority.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly Samples samples = new();
    private readonly Authority authority = new(), stranger = new();

    public void Dispose()
    {
        samples.Dispose();
        authority.Dispose();
        stranger.Dispose();
    }

    [PostgresFact]
    public async Task Silos_and_clients_of_one_authority_work_together_and_all_others_are_refused()
    {
        var own = authority.Issue();
        var trusted = new ClusterClient(own.Apply);
        await using var cluster = await ClusterHarness.StartAsync(trusted, await PostgresServer.StartAsync(), silos: 2, slots: 1, Arguments(own));
        var spec = samples.Halving(runs: 3, first: 1, last: 3);

        var foreign = stranger.Issue() with { Authority = own.Authority };
        await Assert.ThrowsAnyAsync<Exception>(() => new ClusterClient().SubmitAsync(cluster, "plain-abcde", spec));
        await Assert.ThrowsAnyAsync<Exception>(() => new ClusterClient(Anonymous).SubmitAsync(cluster, "anonymous-abcde", spec));
        await Assert.ThrowsAnyAsync<Exception>(() => new ClusterClient(foreign.Apply).SubmitAsync(cluster, "foreign-abcde", spec));
        var elsewhere = own with { Host = "another-silo" };
        await Assert.ThrowsAnyAsync<Exception>(() => new ClusterClient(elsewhere.Apply).SubmitAsync(cluster, "elsewhere-abcde", spec));
        var sweep = await cluster.SubmitAsync(spec);
        var events = await cluster.EndedAsync(sweep);

        Assert.Equal(SweepOutcome.Finished, events.Facts<SweepEnded>().Single().Outcome);
        Assert.Equal([sweep], await cluster.Log.ListAsync(CancellationToken.None));
    }

    [PostgresFact]
    public async Task A_silo_of_another_authority_does_not_get_in()
    {
        var own = authority.Issue();
        await using var cluster = await ClusterHarness.StartAsync(new ClusterClient(own.Apply), await PostgresServer.StartAsync(), silos: 1, slots: 1, Arguments(own));
        await using var intruder = new SiloNode("intruder", cluster.Postgres.ConnectionString(), 1, Arguments(stranger.Issue()));

        await intruder.StartAsync();
        await intruder.SawAsync("Failed to get ping responses from 1 of 1 active silos");

        Assert.DoesNotContain("asks for work", intruder.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_does_not_listen_where_others_reach_it_without_certificates()
    {
        await using var silo = new SiloNode("open", "Host=127.0.0.1", 1, "--address", "0.0.0.0");

        await silo.StartAsync();
        await silo.EndedAsync();

        Assert.Equal(2, silo.ExitCode);
        Assert.Contains("--address 0.0.0.0 can be reached from other machines", silo.Output, StringComparison.Ordinal);
    }

    private static string[] Arguments(ClusterCertificates own) =>
        ["--tls-certificate", own.Certificate, "--tls-key", own.Key, "--tls-authority", own.Authority];

    /// <summary>A client that accepts every server certificate and sends none.</summary>
    private static void Anonymous(TlsOptions tls)
    {
        tls.RemoteCertificateMode = RemoteCertificateMode.NoCertificate;
        tls.AllowAnyRemoteCertificate();
        tls.OnAuthenticateAsClient = (_, authentication) => authentication.TargetHost = "sweeps-silo";
    }
}
