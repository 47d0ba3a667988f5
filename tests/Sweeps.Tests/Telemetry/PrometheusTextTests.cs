using Sweeps.Telemetry;

namespace Sweeps.Tests.Telemetry;

public sealed class PrometheusTextTests
{
    [Theory]
    [InlineData("sweep.append.duration", "s", false, "sweep_append_duration_seconds")]
    [InlineData("sweep.epochs.recorded", "{epoch}", true, "sweep_epochs_recorded_total")]
    [InlineData("sweep.checkpoint.written", "By", true, "sweep_checkpoint_written_bytes_total")]
    [InlineData("orleans-app-requests-latency-sum", null, true, "orleans_app_requests_latency_sum_total")]
    public void Names_follow_the_exporters_rules(string instrument, string? unit, bool counter, string expected) =>
        Assert.Equal(expected, PrometheusNames.Of(instrument, unit, counter));

    [Fact]
    public void Counters_add_up_by_label_and_histograms_cumulate()
    {
        using var metrics = new SweepMetrics();
        using var text = new PrometheusText(SweepMetrics.MeterName);

        metrics.Stopped("prometheus-a", "asha");
        metrics.Stopped("prometheus-a", "asha");
        metrics.Stopped("prometheus-a", "median");
        metrics.EpochTrained("prometheus-a", seconds: 3, sampleCount: 100);
        var scrape = text.Scrape().Split('\n');

        Assert.Contains("sweep_stops_total{sweep=\"prometheus-a\",rule=\"asha\"} 2", scrape);
        Assert.Contains("sweep_stops_total{sweep=\"prometheus-a\",rule=\"median\"} 1", scrape);
        Assert.Contains("sweep_samples_total{sweep=\"prometheus-a\"} 100", scrape);
        Assert.Contains("# TYPE sweep_epoch_duration_seconds histogram", scrape);
        Assert.Contains(scrape, line => line.StartsWith("sweep_epoch_duration_seconds_bucket{le=\"+Inf\"} ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_sweep_that_has_ended_leaves_no_gauge_behind()
    {
        using var metrics = new SweepMetrics();
        using var text = new PrometheusText(SweepMetrics.MeterName);
        var gauges = new SweepGauges("prometheus-b", true, new Dictionary<string, int> { ["running"] = 2 }, [new RungGauge(0, 3, 7)], 4, 0.9, 60);

        using (metrics.ShowSweep("prometheus-b", () => gauges))
        {
            var during = text.Scrape();
            Assert.Contains("sweep_runs{sweep=\"prometheus-b\",state=\"running\"} 2\n", during);
            Assert.Contains("sweep_rung_runs{sweep=\"prometheus-b\",bracket=\"0\",rung=\"3\"} 7\n", during);
            Assert.Contains("sweep_remaining_seconds{sweep=\"prometheus-b\"} 60\n", during);
        }

        Assert.DoesNotContain("sweep_runs{sweep=\"prometheus-b\"", text.Scrape());
    }

    [Fact]
    public async Task The_endpoint_serves_metrics_and_nothing_else()
    {
        using var metrics = new SweepMetrics();
        var port = FreePort();
        using var endpoint = new MetricsEndpoint(port);
        metrics.Lost("prometheus-c");

        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var scrape = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        using var other = await http.GetAsync(new Uri("/", UriKind.Relative));

        Assert.Contains("sweep_losses_total{sweep=\"prometheus-c\"} 1\n", scrape);
        Assert.Contains("dotnet_gc_collections_total", scrape);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, other.StatusCode);
    }

    private static int FreePort()
    {
        using var probe = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        probe.Start();
        return ((System.Net.IPEndPoint)probe.LocalEndpoint).Port;
    }
}
