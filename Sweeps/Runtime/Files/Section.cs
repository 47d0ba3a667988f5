using System.Globalization;
using Sweeps.Core;
using Sweeps.Core.Rules;
using Sweeps.Files.Yaml;

namespace Sweeps.Files;

/// <summary>
/// A map whose keys are known. What is asked for is what is allowed: <see cref="End"/> reports every other key with the nearest of those.
/// A value of the wrong kind is reported and counts as absent.
/// </summary>
internal sealed class Section(MapNode map, string path, Diagnostics diagnostics) : IRuleSection
{
    private readonly List<string> allowed = [];
    private readonly HashSet<string> taken = [];

    public SourceLocation Location => map.Location;

    public Diagnostics Diagnostics => diagnostics;

    /// <summary>The place in the file in words: <c>metric</c>, <c>parameters.lr</c>, or empty at the top.</summary>
    public string Path => path;

    /// <summary>A node that has to be a map, as a section; null, and a diagnostic, when it is not one.</summary>
    public static Section? Of(Node node, string path, Diagnostics diagnostics)
    {
        if (node is MapNode map)
            return new Section(map, path, diagnostics);
        diagnostics.Mistake(node.Location, path.Length == 0
            ? $"A sweep file is a map with keys such as 'method' and 'parameters'; received {node.Kind}."
            : $"'{path}' must be a map; received {node.Kind}.");
        return null;
    }

    /// <summary>Whether a key is there, without taking it.</summary>
    public bool Has(string key) => map.Entries.Any(entry => entry.Key.Text == key);

    /// <summary>Whether there is a key that is neither taken nor known.</summary>
    public bool HasUnknownKeys => map.Entries.Any(entry => !allowed.Contains(entry.Key.Text));

    /// <summary>The place of a key, or of the map when it is absent.</summary>
    public SourceLocation LocationOf(string key) => map.Entries.FirstOrDefault(entry => entry.Key.Text == key)?.Key.Location ?? map.Location;

    /// <summary>Makes keys known that are asked for only in other forms of the map; they are reported by <see cref="End"/> all the same.</summary>
    public void Know(params ReadOnlySpan<string> keys) => allowed.AddRange(keys);

    /// <summary>The node of a key, or null.</summary>
    public Node? Take(string key)
    {
        allowed.Add(key);
        taken.Add(key);
        return map.Entries.FirstOrDefault(entry => entry.Key.Text == key)?.Value;
    }

    /// <summary>A sub-map, or null.</summary>
    public Section? TakeSection(string key) => Take(key) is { } node ? Of(node, Full(key), diagnostics) : null;

    /// <summary>A text, or null.</summary>
    public string? TakeText(string key)
    {
        switch (Take(key))
        {
            case null:
                return null;
            case ScalarNode scalar when CoreSchema.Read(scalar) is not Value.Null:
                return scalar.Text;
            case var node:
                Wrong(key, node, "a text");
                return null;
        }
    }

    /// <summary>An integer in a range, or null.</summary>
    public long? TakeInteger(string key, long min, long max = long.MaxValue)
    {
        if (Take(key) is not { } node)
            return null;
        if (node is ScalarNode scalar && CoreSchema.Read(scalar) is Value.Integer { Content: var number } && number >= min && number <= max)
            return number;
        Wrong(key, node, max == long.MaxValue
            ? string.Create(CultureInfo.InvariantCulture, $"an integer of at least {min}")
            : string.Create(CultureInfo.InvariantCulture, $"an integer from {min} to {max}"));
        return null;
    }

    /// <summary>A finite number that fulfils a condition, or null.</summary>
    public double? TakeNumber(string key, Func<double, bool>? valid = null, string expected = "a number")
    {
        if (Take(key) is not { } node)
            return null;
        if (node is ScalarNode scalar && CoreSchema.Read(scalar).AsDouble() is { } number && double.IsFinite(number) && (valid is null || valid(number)))
            return number;
        Wrong(key, node, expected);
        return null;
    }

    /// <summary>A boolean, or null.</summary>
    public bool? TakeBoolean(string key)
    {
        if (Take(key) is not { } node)
            return null;
        if (node is ScalarNode scalar && CoreSchema.Read(scalar) is Value.Boolean boolean)
            return boolean.Content;
        Wrong(key, node, "true or false");
        return null;
    }

    /// <summary>One of a few words, or null.</summary>
    public T? TakeWord<T>(string key, IReadOnlyDictionary<string, T> words) where T : struct
    {
        if (Take(key) is not { } node)
            return null;
        if (node is ScalarNode { Text: var text })
        {
            if (words.TryGetValue(text, out var value))
                return value;
            diagnostics.Mistake(node.Location, $"'{Full(key)}' cannot be '{text}'. {DidYouMean.Hint(text, [.. words.Keys])}");
            return null;
        }
        Wrong(key, node, $"one of: {string.Join(", ", words.Keys)}");
        return null;
    }

    /// <summary>Reports a value of the wrong kind.</summary>
    public void Wrong(string key, Node node, string expected) =>
        diagnostics.Mistake(node.Location, $"'{Full(key)}' must be {expected}; received {node.Kind}.");

    /// <inheritdoc/>
    public void Mistake(string? key, string message) => diagnostics.Mistake(key is null ? Location : LocationOf(key), message);

    /// <inheritdoc/>
    public void Warn(string? key, string message) => diagnostics.Warn(key is null ? Location : LocationOf(key), message);

    /// <summary>Reports the keys that nobody asked for.</summary>
    public void End()
    {
        foreach (var entry in map.Entries.Where(entry => !taken.Contains(entry.Key.Text)))
            diagnostics.Mistake(entry.Key.Location, $"Unknown key '{entry.Key.Text}'{In()}. {DidYouMean.Hint(entry.Key.Text, allowed)}");
    }

    /// <summary>A key with the path before it.</summary>
    public string Full(string key) => path.Length == 0 ? key : $"{path}.{key}";

    private string In() => path.Length == 0 ? " at the top of a sweep file" : $" in '{path}'";
}
