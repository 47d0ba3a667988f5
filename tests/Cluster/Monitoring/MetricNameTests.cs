using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Silo.Options;
using Silo.Telemetry;
using Sweeps.Telemetry;

namespace Cluster.Monitoring;

/// <summary>Dashboards, alerts and code use the same metric names.</summary>
public sealed class MetricNameTests
{
    private static readonly string[] Suffixes = ["_bucket", "_sum", "_count"];

    [Fact]
    public async Task Dashboards_and_alerts_name_only_metrics_that_the_code_has_and_leave_none_unseen()
    {
        var shown = Dashboard.All.SelectMany(dashboard => dashboard.Queries).Select(query => query.Expression).OfType<string>()
            .Concat(Alerts.Expressions).SelectMany(Dashboard.Metrics).Where(name => name.StartsWith("sweep_", StringComparison.Ordinal))
            .Select(WithoutSuffix).ToHashSet();

        Assert.Equal((await ServedAsync()).Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_manual_says_what_to_do_for_each_alert()
    {
        var manual = File.ReadAllText(Repository.Path("docs/operating.md"));

        Assert.All(Alerts.Names, name => Assert.Contains($"### {name}\n", manual, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_sweep_costs_a_silo_at_most_fifty_series_and_ten_thousand_runs_a_small_scrape()
    {
        using var metrics = new SweepMetrics();
        await using var silo = await Scrape.StartAsync();
        var states = Enum.GetNames<Sweeps.Core.RunState>().ToDictionary(name => name.ToLowerInvariant(), _ => 10_000);
        var rungs = Enumerable.Range(0, 100).Select(rung => new RungGauge(0, rung, 10_000)).ToList();
        using var shown = metrics.ShowSweep("large", () => new SweepGauges("large", true, states, rungs, 10_000, 0.9, 60));

        for (var run = 0; run < 10_000; run++)
        {
            metrics.EpochTrained("large", 1, 1000);
            metrics.EpochRecorded("large");
        }
        foreach (var rule in (string[])["asha", "asha_stopping", "hyperband", "median", "patience", "target", "diverged", "budget", "person"])
            metrics.Stopped("large", rule);
        metrics.CheckpointWritten("large", 1, TimeSpan.Zero);
        var scrape = await silo.ReadAsync();

        Assert.InRange(scrape.Split('\n').Count(line => line.Contains("sweep=\"large\"", StringComparison.Ordinal)), 30, 50);
        Assert.InRange(scrape.Length, 1, 200_000);
    }

    /// <summary>The names of all instruments as a silo serves them: each has a value, because an instrument without one is not served.</summary>
    private static async Task<IReadOnlyCollection<string>> ServedAsync()
    {
        await using var silo = await Scrape.StartAsync();
        var instruments = new HashSet<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name != SweepMetrics.MeterName)
                return;
            instruments.Add(instrument.Name);
            switch (instrument)
            {
                case Counter<long> counter: counter.Add(1); break;
                case Counter<double> counter: counter.Add(1); break;
                case Histogram<int> histogram: histogram.Record(1); break;
                case Histogram<double> histogram: histogram.Record(1); break;
            }
        };
        using var metrics = new SweepMetrics();
        listener.Start();
        using var sweep = metrics.ShowSweep("s", () => new SweepGauges("s", true, new Dictionary<string, int> { ["running"] = 2 }, [new RungGauge(0, 3, 7)], 4, 0.9, 60));
        using var node = metrics.ShowNode("n", () => new NodeGauges(2, 1, false, 1, 2));

        var scrape = await silo.ReadAsync();
        var served = scrape.Split('\n').Where(line => line.StartsWith("# TYPE sweep_", StringComparison.Ordinal)).Select(line => line.Split(' ')[2]).ToList();
        Assert.Equal(instruments.Count, served.Count);
        Assert.Contains("target_info{service_name=\"sweeps-silo\"", scrape, StringComparison.Ordinal);
        return served;
    }

    private static string WithoutSuffix(string name) =>
        Array.Find(Suffixes, suffix => name.EndsWith(suffix, StringComparison.Ordinal)) is { } found ? name[..^found.Length] : name;

    /// <summary>The telemetry of a silo on a web server of its own.</summary>
    private sealed class Scrape(WebApplication app) : IAsyncDisposable
    {
        public static async Task<Scrape> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            SiloTelemetry.Add(builder.Services, new SiloOptions(), "here");
            var app = builder.Build();
            app.MapPrometheusScrapingEndpoint("/metrics");
            await app.StartAsync();
            return new Scrape(app);
        }

        public async Task<string> ReadAsync()
        {
            using var http = new HttpClient();
            return await http.GetStringAsync(new Uri(app.Urls.Single() + "/metrics"));
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
