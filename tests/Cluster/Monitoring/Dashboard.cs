using System.Text.Json;
using System.Text.RegularExpressions;

namespace Cluster.Monitoring;

/// <summary>The queries of a Grafana dashboard.</summary>
internal sealed partial record Dashboard(string File, IReadOnlyList<PanelQuery> Queries)
{
    /// <summary>All dashboards in deploy/grafana.</summary>
    public static IReadOnlyList<Dashboard> All { get; } =
        [.. Directory.GetFiles(Repository.Path("deploy/grafana/dashboards"), "*.json").Order(StringComparer.Ordinal).Select(Read)];

    /// <summary>Reads a dashboard; its queries include those of its variables.</summary>
    public static Dashboard Read(string file)
    {
        using var document = JsonDocument.Parse(System.IO.File.ReadAllText(file));
        var queries = new List<PanelQuery>();
        foreach (var panel in document.RootElement.GetProperty("panels").EnumerateArray())
        {
            if (!panel.TryGetProperty("targets", out var targets))
                continue;
            foreach (var target in targets.EnumerateArray())
                queries.Add(new PanelQuery(
                    $"{Path.GetFileName(file)}: {panel.GetProperty("title").GetString()}", Text(target, "expr"), Text(target, "rawSql")));
        }
        return new Dashboard(Path.GetFileName(file), queries);
    }

    /// <summary>Metric names in a PromQL expression.</summary>
    public static IEnumerable<string> Metrics(string expression) =>
        MetricName().Matches(Labels().Replace(expression, "")).Select(match => match.Value);

    private static string? Text(JsonElement target, string name) => target.TryGetProperty(name, out var value) ? value.GetString() : null;

    [GeneratedRegex(@"\b(sweep|orleans|dotnet)_[a-z0-9_]+\b")]
    private static partial Regex MetricName();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Labels();
}

/// <summary>One query of a panel: PromQL or SQL.</summary>
internal sealed record PanelQuery(string Panel, string? Expression, string? Sql)
{
    /// <summary>The PromQL expression with variables set to <paramref name="sweep"/> and all silos.</summary>
    public string PromQl(string sweep) => Expression!.Replace("$sweep", sweep, StringComparison.Ordinal)
        .Replace("$instance", ".*", StringComparison.Ordinal).Replace("[1m]", "[15s]", StringComparison.Ordinal)
        .Replace("[5m]", "[15s]", StringComparison.Ordinal);

    /// <summary>The SQL query with variables set to <paramref name="sweep"/>, the metric and the order.</summary>
    public string PlainSql(string sweep, string metric, string order) => Sql!.Replace("$sweep", sweep, StringComparison.Ordinal)
        .Replace("$metric", metric, StringComparison.Ordinal).Replace("$goal", order, StringComparison.Ordinal)
        .Replace("$__timeFilter(at)", "at > now() - interval '1 hour'", StringComparison.Ordinal);
}
