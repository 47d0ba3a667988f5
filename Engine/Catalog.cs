using System.Collections;
using Engine.Data;

namespace Engine;

/// <summary>
/// Maps names to implementations (optimizers, schedules …) and to the options that each accepts. A new implementation needs one line where
/// the catalog is filled.
/// </summary>
/// <param name="kind">The kind of entries, as error messages name it: <c>optimizer</c>.</param>
public sealed class Catalog<T>(string kind) : IEnumerable<string>
{
    private readonly Dictionary<string, Entry> entries = new(StringComparer.Ordinal);

    /// <summary>The names of all entries, in the order of registration.</summary>
    public IReadOnlyList<string> Names => [.. entries.Keys];

    public void Add(string name, T value, params ReadOnlySpan<OptionKey> keys) =>
        entries.Add(name, new Entry(value, keys.ToArray()));

    /// <summary>The entry with this name. Throws <see cref="EngineException"/>, which lists the known names, when there is none.</summary>
    public T Find(string name) => FindEntry(name).Value;

    /// <summary>The options that an entry accepts. Throws <see cref="EngineException"/> for an unknown name.</summary>
    public IReadOnlyList<OptionKey> Keys(string name) => FindEntry(name).Keys;

    /// <summary>
    /// The value of every option of an entry: the given value, or the default. Throws <see cref="EngineException"/> for an option that the
    /// entry does not have and for a value out of range.
    /// </summary>
    public IReadOnlyDictionary<string, double> Resolve(string name, IReadOnlyDictionary<string, double> given)
    {
        var keys = Keys(name);
        foreach (var option in given.Keys)
            if (!keys.Any(k => k.Name == option))
                throw new EngineException(keys.Count == 0
                    ? $"The {kind} '{name}' has no options, but '{option}' was given. Leave it out."
                    : $"The {kind} '{name}' has no option '{option}'. It has: {string.Join(", ", keys.Select(k => k.Name))}.");
        var all = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            var value = given.TryGetValue(key.Name, out var found) ? found : key.Default;
            key.Check(value, $"the {kind} '{name}'");
            all.Add(key.Name, value);
        }
        return all;
    }

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator() => entries.Keys.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private Entry FindEntry(string name) =>
        entries.TryGetValue(name, out var entry)
            ? entry
            : throw new EngineException($"There is no {kind} '{name}'. Choose one of: {string.Join(", ", entries.Keys)}.");

    private sealed record Entry(T Value, OptionKey[] Keys);
}
