using Engine;
using Sweeps.Core;
using Sweeps.Core.Space;
using Sweeps.Files.Yaml;

namespace Sweeps.Files.Sections;

/// <summary><c>enqueue</c>: configurations that run before those of the search.</summary>
internal static class EnqueueSection
{
    /// <summary>Reads the configurations and completes them by <see cref="ConfigurationCheck"/>.</summary>
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
                pairs[name] = CoreSchema.Read(value);
        }
    }
}

/// <summary>Checks a configuration from <c>enqueue</c> or the command line against a space.</summary>
internal static class ConfigurationCheck
{
    /// <summary>
    /// Returns the configuration with constants added and numbers in the form of the space (<c>64.0</c> becomes the integer 64). Returns null and one
    /// sentence per problem if a name is unknown or inactive, a value is outside the space, or a parameter is missing.
    /// </summary>
    public static Configuration? Complete(SearchSpace space, IReadOnlyDictionary<string, Value> values, out IReadOnlyList<string> problems)
    {
        var found = new List<string>();
        var names = space.Parameters.Select(parameter => parameter.Name).ToArray();
        found.AddRange(values.Keys.Where(name => !names.Contains(name)).Order(StringComparer.Ordinal)
            .Select(name => $"unknown parameter '{name}'. {DidYouMean.Hint(name, names)}"));
        var complete = new Dictionary<string, Value>();
        foreach (var parameter in space.ParentsFirst)
        {
            var given = values.GetValueOrDefault(parameter.Name);
            var active = parameter.IsActive(complete);
            if (!active && given is not null)
                found.Add($"'{parameter.Name}' is not active there: it needs {string.Join(" and ", parameter.When.Select(when => $"{when.Key} = {string.Join(" or ", when.Value)}"))}.");
            else if (active && given is null && parameter.Distribution is not Constant)
                found.Add($"'{parameter.Name}' is missing.");
            else if (active && Fit(parameter.Distribution, given ?? ((Constant)parameter.Distribution).Value) is { } value)
                complete.Add(parameter.Name, value);
            else if (active)
                found.Add($"'{parameter.Name}' cannot be {given}: {Expectation(parameter.Distribution)}.");
        }
        problems = found;
        return found.Count == 0 ? new Configuration(complete) : null;
    }

    private static Value? Fit(Distribution distribution, Value value)
    {
        if (distribution.Domain is Domain.Categories categories)
            return categories.Values.FirstOrDefault(category => ValueComparison.Same(category, value));
        var range = (Domain.Range)distribution.Domain;
        if (value.AsDouble() is not { } number || !double.IsFinite(number) || (IsBounded(distribution) && (number < range.Low || number > range.High)))
            return null;
        if (range.Integer)
            return number == Math.Floor(number) ? new Value.Integer((long)number) : null;
        return new Value.Number(number);
    }

    private static bool IsBounded(Distribution distribution) => distribution switch
    {
        IntUniform => true,
        Quantized quantized => quantized.Inner.Limits is not null,
        Continuous continuous => continuous.Limits is not null,
        _ => false,
    };

    private static string Expectation(Distribution distribution) => distribution.Domain switch
    {
        Domain.Categories categories => $"expected one of: {string.Join(", ", categories.Values)}",
        Domain.Range range when IsBounded(distribution) => FormattableString.Invariant($"expected {(range.Integer ? "an integer" : "a number")} from {range.Low} to {range.High}"),
        _ => "expected a number",
    };
}
