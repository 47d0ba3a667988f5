using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Sweeps.Core;

/// <summary>The metrics of one epoch. Rows with equal names share the sorted array of names, which saves memory.</summary>
internal sealed class MetricRow(string[] names, double[] values) : IReadOnlyDictionary<string, double>
{
    /// <summary>Creates a row that shares the names of <paramref name="like"/> if they are equal.</summary>
    public static MetricRow Of(IReadOnlyDictionary<string, double> metrics, MetricRow? like)
    {
        if (metrics is MetricRow row)
            return row;
        var names = like is not null && like.Count == metrics.Count && like.Keys.All(metrics.ContainsKey)
            ? like.Names
            : [.. metrics.Keys.Order(StringComparer.Ordinal)];
        return new MetricRow(names, Array.ConvertAll(names, name => metrics[name]));
    }

    public int Count => names.Length;

    public IEnumerable<string> Keys => names;

    public IEnumerable<double> Values => values;

    private string[] Names => names;

    public double this[string key] =>
        TryGetValue(key, out var value)
            ? value
            : throw new KeyNotFoundException($"There is no metric '{key}'; there are {string.Join(", ", names)}.");

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out double value)
    {
        var index = Array.BinarySearch(names, key, StringComparer.Ordinal);
        value = index < 0 ? 0 : values[index];
        return index >= 0;
    }

    public IEnumerator<KeyValuePair<string, double>> GetEnumerator()
    {
        for (var i = 0; i < names.Length; i++)
            yield return new KeyValuePair<string, double>(names[i], values[i]);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
