using Engine;
using Sweeps.Core;
using Sweeps.Core.Space;
using Sweeps.Files.Yaml;

namespace Sweeps.Files.Sections;

/// <summary>An entry of <c>when</c>: a parent parameter and its values for which the child is active.</summary>
internal sealed record Condition(ScalarNode Parent, IReadOnlyList<(Node Node, Value Value)> Values);

/// <summary>Reads <c>when</c> and checks it against the whole space.</summary>
internal static class Conditions
{
    /// <summary>The conditions of one parameter or group.</summary>
    public static IEnumerable<Condition> Read(Node when, string name, Diagnostics diagnostics)
    {
        if (when is not MapNode { Entries.Count: > 0 } map)
        {
            diagnostics.Mistake(when.Location, $"'when' of '{name}' must be a map from parameters to values, such as {{optimizer: [momentum, nesterov]}}; received {when.Kind}.");
            yield break;
        }
        foreach (var (key, value) in map.Entries)
        {
            if (value is ListNode { Items.Count: 0 })
                diagnostics.Mistake(value.Location, $"'when' of '{name}' allows no value of '{key.Text}': the parameter could never be active.");
            var nodes = value is ListNode list ? list.Items : [value];
            yield return new Condition(key, [.. nodes.Select(node => (node, CoreSchema.Read(node)))]);
        }
    }

    /// <summary>
    /// Returns for each parameter its parents by full name with their allowed values. Reports unknown parents, impossible values, cycles and parameters
    /// that can never be active.
    /// </summary>
    public static Dictionary<string, IReadOnlyDictionary<string, IReadOnlyList<Value>>> Resolve(
        IReadOnlyList<(string Name, Distribution? Distribution, IReadOnlyList<Condition> Conditions)> parameters, IReadOnlyDictionary<string, SourceLocation> locations, Diagnostics diagnostics)
    {
        var resolved = new Dictionary<string, IReadOnlyDictionary<string, IReadOnlyList<Value>>>();
        foreach (var parameter in parameters)
        {
            var when = new Dictionary<string, IReadOnlyList<Value>>();
            foreach (var condition in parameter.Conditions)
            {
                var parent = parameters.FirstOrDefault(other => other.Name == condition.Parent.Text);
                if (parent.Name is null)
                    diagnostics.Mistake(condition.Parent.Location, $"'when' of '{parameter.Name}' names an unknown parameter '{condition.Parent.Text}'. {DidYouMean.Hint(condition.Parent.Text, [.. parameters.Select(other => other.Name)])}");
                else if (parent.Distribution is not null)
                    CheckValues(parameter.Name, parent.Name, parent.Distribution, condition, diagnostics);
                IReadOnlyList<Value> values = [.. condition.Values.Select(pair => pair.Value)];
                when[condition.Parent.Text] = when.TryGetValue(condition.Parent.Text, out var earlier)
                    ? [.. earlier.Where(value => Parameter.Allows(values, value))]
                    : values;
            }
            resolved.TryAdd(parameter.Name, when);
        }
        foreach (var (name, _) in resolved)
            if (OnCycle(name, resolved) is { } cycle)
                diagnostics.Mistake(locations[name], $"The conditions of '{name}' form a cycle: {string.Join(" needs ", cycle)}.");
            else if (!CanBeActive(name, resolved))
                diagnostics.Mistake(locations[name], $"'{name}' can never be active: its conditions and those of its parents exclude each other.");
        return resolved;
    }

    private static void CheckValues(string name, string parentName, Distribution parent, Condition condition, Diagnostics diagnostics)
    {
        if (parent is not (Constant or Categorical or IntUniform))
        {
            diagnostics.Mistake(condition.Parent.Location, $"'when' of '{name}' depends on '{parentName}', which is {parent.Name}. A parent is a constant, a choice of values, or int_uniform.");
            return;
        }
        foreach (var (node, value) in condition.Values)
        {
            var possible = parent.Domain is Domain.Categories categories
                ? Parameter.Allows(categories.Values, value)
                : parent is IntUniform range && value.AsDouble() is { } number && number == Math.Floor(number) && number >= range.Min && number <= range.Max;
            if (!possible)
                diagnostics.Mistake(node.Location, $"'{parentName}' can never be {CoreSchema.Describe(value)}: {Expectation(parent)}");
        }
    }

    private static string Expectation(Distribution parent) => parent is IntUniform range
        ? $"it is an integer from {range.Min} to {range.Max}."
        : $"expected one of: {string.Join(", ", ((Domain.Categories)parent.Domain).Values)}.";

    private static List<string>? OnCycle(string start, Dictionary<string, IReadOnlyDictionary<string, IReadOnlyList<Value>>> when)
    {
        var visited = new HashSet<string>();
        return Walk(start, [start]);

        List<string>? Walk(string name, List<string> path)
        {
            foreach (var parent in when[name].Keys)
            {
                if (parent == start)
                    return [.. path, start];
                if (when.ContainsKey(parent) && visited.Add(parent) && Walk(parent, [.. path, parent]) is { } cycle)
                    return cycle;
            }
            return null;
        }
    }

    /// <summary>
    /// Whether every ancestor has a value that all conditions allow. That suffices for a parameter to be active, because parents depend on each other only
    /// by their own conditions.
    /// </summary>
    private static bool CanBeActive(string name, Dictionary<string, IReadOnlyDictionary<string, IReadOnlyList<Value>>> when)
    {
        var allowed = new Dictionary<string, IReadOnlyList<Value>>();
        var waiting = new Queue<string>([name]);
        var visited = new HashSet<string>();
        while (waiting.TryDequeue(out var current))
        {
            if (!visited.Add(current) || !when.TryGetValue(current, out var conditions))
                continue;
            foreach (var (parent, values) in conditions)
            {
                allowed[parent] = allowed.TryGetValue(parent, out var earlier) ? [.. earlier.Where(value => Parameter.Allows(values, value))] : values;
                waiting.Enqueue(parent);
            }
        }
        return allowed.Values.All(values => values.Count > 0);
    }
}
