using System.Collections;

namespace Sweeps.Core;

/// <summary>
/// The values of a run's hyperparameters: full dotted name → value, sorted by code point, without inactive parameters.
/// Immutable; equal when names and values are equal.
/// </summary>
public sealed class Configuration : IEquatable<Configuration>, IReadOnlyCollection<KeyValuePair<string, Value>>
{
    private readonly string[] names;
    private readonly Value[] values;

    /// <summary>Sorts the pairs by name. Throws <see cref="ArgumentException"/> when a name occurs twice.</summary>
    public Configuration(IEnumerable<KeyValuePair<string, Value>> pairs)
    {
        var sorted = pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToArray();
        names = Array.ConvertAll(sorted, pair => pair.Key);
        values = Array.ConvertAll(sorted, pair => pair.Value);
        for (var i = 1; i < names.Length; i++)
            if (names[i] == names[i - 1])
                throw new ArgumentException($"The parameter '{names[i]}' occurs twice in one configuration.");
    }

    public static Configuration Empty { get; } = new([]);

    public int Count => names.Length;

    /// <summary>The value of a parameter, or null when it is absent.</summary>
    public Value? this[string name] => Array.BinarySearch(names, name, StringComparer.Ordinal) is >= 0 and var i ? values[i] : null;

    public bool Equals(Configuration? other) =>
        other is not null && names.AsSpan().SequenceEqual(other.names) && values.AsSpan().SequenceEqual(other.values);

    public override bool Equals(object? obj) => Equals(obj as Configuration);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var (name, value) in this)
        {
            hash.Add(name);
            hash.Add(value);
        }
        return hash.ToHashCode();
    }

    public IEnumerator<KeyValuePair<string, Value>> GetEnumerator()
    {
        for (var i = 0; i < names.Length; i++)
            yield return new KeyValuePair<string, Value>(names[i], values[i]);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary><c>batch_size=64 optimizer=adam</c></summary>
    public override string ToString() => string.Join(' ', this.Select(pair => $"{pair.Key}={pair.Value}"));
}
