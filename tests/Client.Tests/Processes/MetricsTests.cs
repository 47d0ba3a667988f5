using System.Net;
using System.Net.Sockets;
using Tests.Shared;

namespace Client.Tests.Processes;

public class MetricsTests
{
    [Fact]
    public void A_sweep_that_trains_serves_its_metrics_and_a_taken_port_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["long.yaml"], """
            method: random
            run_cap: 2
            epochs: 1000000
            function: {name: branin, pace: 1s}
            metric: {name: value, goal: minimize}
            parameters: {x1: {min: -5.0, max: 10.0}, x2: {min: 0.0, max: 15.0}}
            """);
        var port = PostgresServer.FreePort();
        using var process = SweepProcess.Start(folder["home"], "run", folder["long.yaml"], "--slots", "1", "--metrics", $"{port}");
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        var scrape = "";
        Assert.True(process.WaitUntil(() => (scrape = Scrape(http)).Contains("sweep_append_duration_seconds_bucket{", StringComparison.Ordinal)), process.Errors);

        Assert.Contains("target_info{service_name=\"sweep\"", scrape, StringComparison.Ordinal);
        Assert.Contains("sweep_epochs_recorded_total{", scrape, StringComparison.Ordinal);
        Assert.Contains("dotnet_gc_collections_total{", scrape, StringComparison.Ordinal);
        using var other = http.Send(new HttpRequestMessage(HttpMethod.Get, "/"));
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        process.Kill();

        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var at = ((IPEndPoint)taken.LocalEndpoint).Port;
        var (code, _, errors) = SweepProcess.Run(folder["other"], "run", folder["long.yaml"], "--metrics", $"{at}");
        Assert.Equal(2, code);
        Assert.Contains($"Port {at} for --metrics cannot be opened", errors, StringComparison.Ordinal);
    }

    private static string Scrape(HttpClient http)
    {
        try
        {
            return http.GetStringAsync(new Uri("/metrics", UriKind.Relative)).GetAwaiter().GetResult();
        }
        catch (HttpRequestException)
        {
            return "";
        }
    }
}
