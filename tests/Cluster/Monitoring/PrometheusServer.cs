using System.Globalization;
using System.Text.Json;
using Cluster.Harness;
using Tests.Shared;

namespace Cluster.Monitoring;

/// <summary>A Prometheus server for one test: on loopback, with a temporary folder, disposed with the test.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromMinutes(1) };

    private readonly TemporaryFolder folder;
    private readonly GuardedProcess process;
    private readonly int port;

    private PrometheusServer(TemporaryFolder folder, GuardedProcess process, int port) =>
        (this.folder, this.process, this.port) = (folder, process, port);

    /// <summary>The reason why tests that need Prometheus are skipped, or null. On the build server they are never skipped.</summary>
    public static string? Missing { get; } = File.Exists("/usr/bin/prometheus") || Environment.GetEnvironmentVariable("CI") == "true"
        ? null
        : "Prometheus is not installed: no /usr/bin/prometheus.";

    /// <summary>Starts a server that scrapes these ports every second under the job of deploy/prometheus, with its alerts.</summary>
    public static async Task<PrometheusServer> StartAsync(IEnumerable<int> targets)
    {
        var folder = new TemporaryFolder();
        var port = PostgresServer.FreePort();
        await File.WriteAllTextAsync(folder["prometheus.yml"], $"""
            global: {"{"} scrape_interval: 1s, evaluation_interval: 1s {"}"}
            rule_files: ["{Repository.Path("deploy/prometheus/alerts.yml")}"]
            scrape_configs:
              - job_name: sweeps
                static_configs:
                  - targets: [{string.Join(", ", targets.Select(target => $"\"127.0.0.1:{target}\""))}]
            """);
        var process = await GuardedProcess.StartAsync("/usr/bin/prometheus", [
            "--config.file=" + folder["prometheus.yml"], "--storage.tsdb.path=" + folder["data"],
            string.Create(CultureInfo.InvariantCulture, $"--web.listen-address=127.0.0.1:{port}")]);
        await process.SawAsync("Server is ready to receive web requests");
        return new PrometheusServer(folder, process, port);
    }

    /// <summary>The current values of a query. Throws with the message of Prometheus if the query is not valid.</summary>
    public async Task<IReadOnlyList<double>> QueryAsync(string expression)
    {
        using var answer = await Http.GetAsync(new Uri($"http://127.0.0.1:{port}/api/v1/query?query={Uri.EscapeDataString(expression)}"));
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var root = document.RootElement;
        if (root.GetProperty("status").GetString() != "success")
            throw new InvalidOperationException($"{root.GetProperty("error").GetString()} in: {expression}");
        return [.. root.GetProperty("data").GetProperty("result").EnumerateArray().Select(series =>
            double.Parse(series.GetProperty("value")[1].GetString()!.Replace("+Inf", "∞", StringComparison.Ordinal), CultureInfo.InvariantCulture))];
    }

    /// <summary>Waits until a query returns a number.</summary>
    public Task<IReadOnlyList<double>> AnswerAsync(string what, string expression) => Eventually.SeeAsync(
        $"{what} shows a number for {expression}", () => QueryAsync(expression), values => values.Any(double.IsFinite), values => values.Count,
        () => process.Output);

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        folder.Dispose();
    }
}

/// <summary>A test that starts PostgreSQL and Prometheus: skipped with the reason if one is missing, but not on the build server.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MonitoringFactAttribute : FactAttribute
{
    public MonitoringFactAttribute() => Skip = PrometheusServer.Missing ?? PostgresServer.Missing;
}
