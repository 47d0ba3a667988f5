using System.Text.Json;
using Cluster.Harness;
using Sweeps.Core;
using Tests.Shared;

namespace Cluster.Telemetry;

/// <summary>The traces that a silo sends to a collector, and the logs that it writes for one.</summary>
public sealed class TelemetryTests : IDisposable
{
    private readonly Samples samples = new();

    public void Dispose() => samples.Dispose();

    [PostgresFact]
    public async Task Every_epoch_and_checkpoint_is_a_span_of_its_assignment_and_every_append_one_of_its_own()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var cluster = await ClusterHarness.StartAsync(silos: 1, slots: 1, "--otlp", collector.Address);
        var sweep = await cluster.SubmitAsync(samples.Halving(runs: 3, first: 1, last: 3));
        await cluster.EndedAsync(sweep);
        cluster.Silos[0].Signal("TERM");
        await cluster.Silos[0].EndedAsync();

        var events = await cluster.EventsAsync(sweep);
        var spans = collector.Spans.Where(span => span.Attributes.ContainsKey("sweep")).ToList();
        Assert.All(spans, span => Assert.Equal(("sweeps-silo", sweep), (span.Service, span["sweep"])));
        var assignments = spans.Where(span => span.Name == "assignment").ToDictionary(span => span.Id);
        Assert.Equal(
            events.Facts<RunAssigned>().Select(assigned => (assigned.Run, assigned.Generation)).Order(),
            assignments.Values.Select(span => (span.Number("run"), span.Number("generation"))).Order());
        Assert.Equal(
            events.Epochs().Select(epoch => (epoch.Run, epoch.Generation, epoch.Epoch)).Order(),
            spans.Where(span => span.Name == "epoch").Select(span => (span.Number("run"), span.Number("generation"), span.Number("epoch"))).Order());
        var steps = spans.Where(span => span.Name is "epoch" or "checkpoint").ToList();
        Assert.Contains(steps, span => span.Name == "checkpoint");
        Assert.All(steps, step =>
        {
            var parent = assignments[step.Parent];
            Assert.Equal((parent.Trace, parent["run"], parent["generation"]), (step.Trace, step["run"], step["generation"]));
        });
        // Orleans' span of a call is a child of the caller's span.
        var calls = collector.Spans.Where(span => assignments.ContainsKey(span.Parent) && span.Name.Contains("send", StringComparison.OrdinalIgnoreCase));
        Assert.NotEmpty(calls);
        var appends = spans.Where(span => span.Name == "append").ToList();
        Assert.All(appends, append => Assert.Equal("", append.Parent));
        // The coordinator does not write the first event, the creation of the sweep.
        Assert.Equal(events.Count - 1, appends.Sum(append => append.Number("events")));
    }

    [PostgresFact]
    public async Task A_line_of_the_JSON_log_says_to_which_assignment_it_belongs()
    {
        await using var cluster = await ClusterHarness.StartAsync(silos: 1, slots: 1, "--log-format", "json");
        await cluster.RefuseAsync("checkpoint");
        var sweep = await cluster.SubmitAsync(samples.Halving(runs: 3, first: 1, last: 3));
        await cluster.Silos[0].SawAsync("\"EventId\":103");
        await cluster.Silos[0].NotReadyAsync("the store refuses checkpoints");

        var lines = cluster.Silos[0].Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        using var line = JsonDocument.Parse(lines.First(text => text.Contains("\"EventId\":103", StringComparison.Ordinal)));
        var root = line.RootElement;
        Assert.Equal("Warning", root.GetProperty("LogLevel").GetString());
        Assert.EndsWith("+00:00", root.GetProperty("Timestamp").GetString(), StringComparison.Ordinal);
        Assert.Contains("53100", root.GetProperty("Exception").GetString(), StringComparison.Ordinal);
        var scope = root.GetProperty("Scopes").EnumerateArray().Single(scope => scope.TryGetProperty("Sweep", out _));
        Assert.Equal(sweep, scope.GetProperty("Sweep").GetString());
        Assert.Equal(root.GetProperty("State").GetProperty("Run").GetInt32(), scope.GetProperty("Run").GetInt32());
        Assert.Equal(1, scope.GetProperty("Generation").GetInt32());
        Assert.All(lines, text => JsonDocument.Parse(text).Dispose());
    }
}
