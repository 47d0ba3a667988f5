using Sweeps.Core;
using Sweeps.Core.Space;
using Sweeps.Files.Yaml;

namespace Sweeps.Files.Sections;

/// <summary><c>enqueue</c>: configurations that run before the search's own.</summary>
internal static class EnqueueSection
{
    /// <summary>The configurations, completed and checked against the space.</summary>
    public static IReadOnlyList<Configuration> Read(Node node, SearchSpace space, Diagnostics diagnostics)
    {
        if (node is not ListNode list)
        {
            diagnostics.Mistake(node.Location, $"'enqueue' must be a list of configurations, such as - {{optimizer: adam, learning_rate: 0.001}}; received {node.Kind}.");
            return [];
        }
        var configurations = new List<Configuration>();
        foreach (var item in list.Items)
        {
            if (item is not MapNode map)
            {
                diagnostics.Mistake(item.Location, $"A configuration must be a map from names to values; received {item.Kind}.");
                continue;
            }
            var pairs = new Dictionary<string, Value>();
            Flatten(map, "", space, pairs);
            var completed = ConfigurationCheck.Complete(space, pairs, out var problems);
            foreach (var problem in problems)
                diagnostics.Mistake(map.Location, $"In 'enqueue': {problem}");
            if (completed is not null)
                configurations.Add(completed);
        }
        return configurations;
    }

    private static void Flatten(MapNode map, string prefix, SearchSpace space, Dictionary<string, Value> pairs)
    {
        foreach (var (key, value) in map.Entries)
        {
            var name = prefix + key.Text;
            if (value is MapNode group && space.Find(name) is null && space.Parameters.Any(parameter => parameter.Name.StartsWith(name + ".", StringComparison.Ordinal)))
                Flatten(group, name + ".", space, pairs);
            else
                pairs[name] = Values.Of(value);
        }
    }
}
