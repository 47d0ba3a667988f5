using System.Text.Json.Serialization;

namespace Engine.Data;

/// <summary>
/// The encoding of a table's columns as features. A saved model stores it, so that it can predict from tables whose columns are in another
/// order.
/// </summary>
/// <param name="Columns">The columns of features, in the order of the features.</param>
/// <param name="Outputs">The names of the predicted columns. A table to predict from may lack them.</param>
/// <param name="Header">Whether columns have names; otherwise they are numbered from 1.</param>
public sealed record TableEncoding(IReadOnlyList<ColumnEncoding> Columns, IReadOnlyList<string> Outputs, bool Header = true)
{
    /// <summary>The number of features.</summary>
    [JsonIgnore]
    public int Features => Columns.Sum(column => column.Width);

    /// <summary>One name per feature: that of its column, or <c>column=category</c>.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> FeatureNames => [.. Columns.SelectMany(column => column.Categories is null ? [column.Name] : column.Categories.Select(text => $"{column.Name}={text}"))];

    /// <summary>
    /// Whether each column is one numeric feature and missing values are refused, so that <see cref="Encode"/> changes nothing.
    /// </summary>
    [JsonIgnore]
    public bool IsPlain => Columns.All(column => column is { Categories: null, Mean: null });

    /// <summary>
    /// Encodes (rows × columns) values as (rows × features): a category index becomes one-hot, NaN in a column of numbers becomes the mean.
    /// An unknown (−1) or missing (NaN) category sets no feature.
    /// </summary>
    internal float[] Encode(float[] values)
    {
        if (IsPlain)
            return values;
        int rows = values.Length / Columns.Count, width = Features;
        var features = new float[(long)rows * width];
        for (var row = 0; row < rows; row++)
        {
            var to = features.AsSpan(row * width, width);
            var from = values.AsSpan(row * Columns.Count, Columns.Count);
            for (var (i, at) = (0, 0); i < from.Length; at += Columns[i].Width, i++)
            {
                if (Columns[i].Categories is null)
                    to[at] = float.IsNaN(from[i]) ? (float)(Columns[i].Mean ?? 0) : from[i];
                else if (from[i] >= 0)
                    to[at + (int)from[i]] = 1;
            }
        }
        return features;
    }
}

/// <summary>A column of features.</summary>
/// <param name="Name">Its name, or its number from 1.</param>
/// <param name="Categories">The texts that occur in the training part, one feature each; null for a column of numbers.</param>
/// <param name="Mean">The replacement for missing numbers; null when missing numbers are refused.</param>
public sealed record ColumnEncoding(string Name, IReadOnlyList<string>? Categories = null, double? Mean = null)
{
    /// <summary>The number of features.</summary>
    [JsonIgnore]
    public int Width => Categories?.Count ?? 1;
}
