using System.Globalization;
using System.Text.RegularExpressions;
using Engine;
using Sweeps.Core;
using Sweeps.Core.Rules;
using Sweeps.Files.Yaml;

namespace Sweeps.Files;

/// <summary>
/// Reads one map of a sweep file by key. A key is allowed if a Take method reads it; <see cref="End"/> reports the other keys with the most similar
/// allowed key. A value of the wrong kind is reported and counts as absent.
/// </summary>
internal sealed partial class Section(MapNode map, string path, Diagnostics diagnostics) : IRuleSection
{
    private const double MaxSeconds = 1e9;

    private readonly List<string> allowed = [];
    private readonly HashSet<string> taken = [];

    public SourceLocation Location => map.Location;

    public Diagnostics Diagnostics => diagnostics;

    /// <summary>The path of the map from the top of the file: <c>metric</c>, <c>parameters.lr</c>; empty at the top.</summary>
    public string Path => path;

    /// <summary>Returns a map as a section; reports any other node and returns null.</summary>
    public static Section? Of(Node node, string path, Diagnostics diagnostics)
    {
        if (node is MapNode map)
            return new Section(map, path, diagnostics);
        diagnostics.Mistake(node.Location, path.Length == 0
            ? $"A sweep file is a map with keys such as 'method' and 'parameters'; received {node.Kind}."
            : $"'{path}' must be a map; received {node.Kind}.");
        return null;
    }

    /// <summary>The keys that are present.</summary>
    public IReadOnlySet<string> Keys => map.Entries.Select(entry => entry.Key.Text).ToHashSet();

    /// <summary>Whether a key is present. Does not allow the key.</summary>
    public bool Has(string key) => map.Entries.Any(entry => entry.Key.Text == key);

    /// <summary>Whether a key is present and its value a map. Does not allow the key.</summary>
    public bool HasMap(string key) => map.Entries.Any(entry => entry.Key.Text == key && entry.Value is MapNode);

    /// <summary>Whether a key is present that is not allowed so far.</summary>
    public bool HasUnknownKeys => map.Entries.Any(entry => !allowed.Contains(entry.Key.Text));

    /// <summary>The location of a key, or of the map if the key is absent.</summary>
    public SourceLocation LocationOf(string key) => map.Entries.FirstOrDefault(entry => entry.Key.Text == key)?.Key.Location ?? map.Location;

    /// <summary>Adds keys to the suggestions of <see cref="End"/>, which still reports them if they are present but not taken.</summary>
    public void Know(params ReadOnlySpan<string> keys) => allowed.AddRange(keys);

    public Node? Take(string key)
    {
        allowed.Add(key);
        taken.Add(key);
        return map.Entries.FirstOrDefault(entry => entry.Key.Text == key)?.Value;
    }

    public Section? TakeSection(string key) => Take(key) is { } node ? Of(node, Full(key), diagnostics) : null;

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

    /// <summary>Returns the texts of a list; a single text counts as a list of one.</summary>
    public IReadOnlyList<string>? TakeTexts(string key)
    {
        if (Take(key) is not { } node)
            return null;
        var items = node is ListNode list ? list.Items : [node];
        if (items.Count > 0 && items.All(item => item is ScalarNode scalar && CoreSchema.Read(scalar) is not Value.Null))
            return [.. items.Select(item => ((ScalarNode)item).Text)];
        Wrong(key, node, "a text or a list of texts");
        return null;
    }

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

    /// <summary>Returns a finite number for which <paramref name="valid"/> holds; reports any other value and returns null.</summary>
    public double? TakeNumber(string key, Func<double, bool>? valid = null, string expected = "a number")
    {
        if (Take(key) is not { } node)
            return null;
        if (node is ScalarNode scalar && CoreSchema.Read(scalar).AsDouble() is { } number && double.IsFinite(number) && (valid is null || valid(number)))
            return number;
        Wrong(key, node, expected);
        return null;
    }

    public bool? TakeBoolean(string key)
    {
        if (Take(key) is not { } node)
            return null;
        if (node is ScalarNode scalar && CoreSchema.Read(scalar) is Value.Boolean boolean)
            return boolean.Content;
        Wrong(key, node, "true or false");
        return null;
    }

    /// <summary>
    /// Returns a positive time such as <c>2h</c>, <c>1h30m</c>, <c>90s</c>, <c>0.5d</c>, or a number of seconds; reports any other value and returns null.
    /// </summary>
    public TimeSpan? TakeDuration(string key)
    {
        if (Take(key) is not { } node)
            return null;
        if (node is ScalarNode scalar && Seconds(scalar) is { } seconds and > 0 and <= MaxSeconds)
            return TimeSpan.FromSeconds(seconds);
        Wrong(key, node, "a time above 0 such as 2h, 1h30m, 90s or 0.5d, or a number of seconds");
        return null;
    }

    /// <summary>Returns the value that <paramref name="words"/> gives to the text; reports any other text and returns null.</summary>
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

    /// <summary>Returns the item of a list whose name is the text; reports any other text and returns null.</summary>
    public T? TakeNamed<T>(string key, IReadOnlyList<T> known, Func<T, string> name) where T : class =>
        TakeWord(key, known.Index().ToDictionary(pair => name(pair.Item), pair => pair.Index)) is { } index ? known[index] : null;

    /// <summary>Reports a value of the wrong kind.</summary>
    public void Wrong(string key, Node node, string expected) =>
        diagnostics.Mistake(node.Location, $"'{Full(key)}' must be {expected}; received {node.Kind}.");

    /// <inheritdoc/>
    public void Mistake(string? key, string message) => diagnostics.Mistake(key is null ? Location : LocationOf(key), message);

    /// <inheritdoc/>
    public void Warn(string? key, string message) => diagnostics.Warn(key is null ? Location : LocationOf(key), message);

    /// <summary>Reports the keys that were not taken.</summary>
    public void End()
    {
        foreach (var entry in map.Entries.Where(entry => !taken.Contains(entry.Key.Text)))
            diagnostics.Mistake(entry.Key.Location, $"Unknown key '{entry.Key.Text}'{In()}. {DidYouMean.Hint(entry.Key.Text, allowed)}");
    }

    /// <summary>The path of a key from the top of the file.</summary>
    public string Full(string key) => path.Length == 0 ? key : $"{path}.{key}";

    private static double? Seconds(ScalarNode scalar)
    {
        if (CoreSchema.Read(scalar).AsDouble() is { } number)
            return number;
        var match = Duration().Match(scalar.Text);
        return match.Success && scalar.Text.Length > 0
            ? Part(match, "d", 86400) + Part(match, "h", 3600) + Part(match, "m", 60) + Part(match, "s", 1)
            : null;
    }

    private static double Part(Match match, string unit, double seconds) =>
        match.Groups[unit] is { Success: true, Value: var text } ? double.Parse(text, CultureInfo.InvariantCulture) * seconds : 0;

    [GeneratedRegex(@"^((?<d>\d{1,9}(\.\d+)?)d)?\s*((?<h>\d{1,9}(\.\d+)?)h)?\s*((?<m>\d{1,9}(\.\d+)?)m(in)?)?\s*((?<s>\d{1,9}(\.\d+)?)s)?\z")]
    private static partial Regex Duration();

    private string In() => path.Length == 0 ? " at the top of a sweep file" : $" in '{path}'";
}
