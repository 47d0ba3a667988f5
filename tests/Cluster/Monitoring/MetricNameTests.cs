using Sweeps.Telemetry;
using System.Diagnostics.Metrics;

namespace Cluster.Monitoring;

/// <summary>Dashboards, alerts and code speak of the same metrics.</summary>
public sealed class MetricNameTests
{
    private static readonly string[] Suffixes = ["_bucket", "_sum", "_count"];

    [Fact]
    public void Dashboards_and_alerts_name_only_metrics_that_the_code_has_and_leave_none_unseen()
    {
        var shown = Dashboard.All.SelectMany(dashboard => dashboard.Queries).Select(query => query.Expression).OfType<string>()
            .Concat(Alerts.Expressions).SelectMany(Dashboard.Metrics).Where(name => name.StartsWith("sweep_", StringComparison.Ordinal))
            .Select(WithoutSuffix).ToHashSet();

        Assert.Equal(InCode().Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_manual_says_what_to_do_for_each_alert()
    {
        var manual = File.ReadAllText(Repository.Path("docs/operating.md"));

        Assert.All(Alerts.Names, name => Assert.Contains($"### {name}\n", manual, StringComparison.Ordinal));
    }

    [Fact]
    public void A_sweep_costs_a_silo_at_most_fifty_series_and_ten_thousand_runs_a_small_scrape()
    {
        using var metrics = new SweepMetrics();
        using var text = new PrometheusText(SweepMetrics.MeterName);
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
        var scrape = text.Scrape();

        Assert.InRange(scrape.Split('\n').Count(line => line.Contains("sweep=\"large\"", StringComparison.Ordinal)), 30, 50);
        Assert.InRange(scrape.Length, 1, 200_000);
    }

    private static HashSet<string> InCode()
    {
        var names = new HashSet<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == SweepMetrics.MeterName)
                names.Add(PrometheusNames.Of(instrument.Name, instrument.Unit, instrument.GetType().Name.StartsWith("Counter", StringComparison.Ordinal)));
        };
        listener.Start();
        using var metrics = new SweepMetrics();
        return names;
    }

    private static string WithoutSuffix(string name) =>
        Array.Find(Suffixes, suffix => name.EndsWith(suffix, StringComparison.Ordinal)) is { } found ? name[..^found.Length] : name;
}
