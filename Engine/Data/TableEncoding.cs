using System.Text.Json.Serialization;

namespace Engine.Data;

/// <summary>How the columns of a table become features. A model keeps it, so that it predicts from tables whose columns stand in another order.</summary>
/// <param name="Columns">The columns of features, in the order of the features.</param>
/// <param name="Outputs">The names of the columns that were predicted, which a table to predict may have or not.</param>
/// <param name="Header">Whether columns have names; otherwise they are counted from 1.</param>
public sealed record TableEncoding(IReadOnlyList<ColumnEncoding> Columns, IReadOnlyList<string> Outputs, bool Header = true)
{
    /// <summary>The number of features.</summary>
    [JsonIgnore]
    public int Features => Columns.Sum(column => column.Width);

    /// <summary>One name per feature: that of its column, or <c>column=category</c>.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> FeatureNames => [.. Columns.SelectMany(column => column.Categories is null ? [column.Name] : column.Categories.Select(text => $"{column.Name}={text}"))];

    /// <summary>Whether each column is one feature, without stand-ins for missing values.</summary>
    [JsonIgnore]
    public bool IsPlain => Columns.All(column => column is { Categories: null, Mean: null });

    /// <summary>
    /// Turns the values of columns, (rows × columns) with categories as their numbers, into features: one-hot for texts, the mean for NaN. A
    /// category that is unknown or missing, −1 or NaN, has no feature set.
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
/// <param name="Categories">The texts of the training part, one feature each; null for a column of numbers.</param>
/// <param name="Mean">What stands in for missing numbers; null where these are refused.</param>
public sealed record ColumnEncoding(string Name, IReadOnlyList<string>? Categories = null, double? Mean = null)
{
    /// <summary>The number of features.</summary>
    [JsonIgnore]
    public int Width => Categories?.Count ?? 1;
}
