using YamlDotNet.RepresentationModel;

namespace Cluster.Monitoring;

/// <summary>The rules of deploy/prometheus.</summary>
internal static class Alerts
{
    /// <summary>The expressions of all rules.</summary>
    public static IReadOnlyList<string> Expressions { get; } = [.. Rules().Select(rule => Text(rule, "expr"))];

    /// <summary>The names of the alerts.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Rules().Where(rule => rule.Children.ContainsKey("alert")).Select(rule => Text(rule, "alert"))];

    private static IEnumerable<YamlMappingNode> Rules()
    {
        var yaml = new YamlStream();
        using var reader = new StreamReader(Repository.Path("deploy/prometheus/alerts.yml"));
        yaml.Load(reader);
        return ((YamlSequenceNode)yaml.Documents[0].RootNode["groups"]).SelectMany(group => (YamlSequenceNode)group["rules"]).Cast<YamlMappingNode>();
    }

    private static string Text(YamlMappingNode rule, string key) => ((YamlScalarNode)rule[key]).Value!;
}
