namespace Engine.Data;

/// <summary>
/// The parts of the name of a data set in files: <c>csv:train.csv,test.csv?target=price&amp;missing=mean</c>. Keys and values of options
/// are percent-encoded. A list is separated by commas, and each item is encoded separately.
/// </summary>
/// <param name="Kind">The kind of the files: <c>csv</c>.</param>
/// <param name="Files">The files or folders, the training part first.</param>
/// <param name="Options">The values of each option, by name.</param>
public sealed record DatasetName(string Kind, IReadOnlyList<string> Files, IReadOnlyDictionary<string, IReadOnlyList<string>> Options)
{
    private const string Label = "label";

    /// <summary>
    /// Parses a name; null when it has no kind. <c>csv:FILE#COLUMN</c> is the same as <c>csv:FILE?label=COLUMN</c>. Throws
    /// <see cref="DatasetNotFoundException"/> for an option without a value.
    /// </summary>
    public static DatasetName? Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 1)
            return null;
        var options = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        var files = text[(colon + 1)..];
        if (files.LastIndexOf('#') is >= 0 and var hash && text.StartsWith("csv:", StringComparison.Ordinal))
        {
            options[Label] = [files[(hash + 1)..]];
            files = files[..hash];
        }
        if (files.IndexOf('?', StringComparison.Ordinal) is >= 0 and var question && files.IndexOf('=', question) > 0)
        {
            foreach (var pair in files[(question + 1)..].Split('&'))
            {
                var equals = pair.IndexOf('=', StringComparison.Ordinal);
                if (equals < 1)
                    throw new DatasetNotFoundException($"'{text}' has '{pair}' among its options, which is no key with a value. Write key=value.");
                options[Uri.UnescapeDataString(pair[..equals])] = [.. pair[(equals + 1)..].Split(',').Select(Uri.UnescapeDataString)];
            }
            files = files[..question];
        }
        return new DatasetName(text[..colon], files.Split(','), options);
    }

    /// <summary>The name with its relative paths resolved against <paramref name="folder"/>.</summary>
    public DatasetName Rooted(string folder) => this with { Files = [.. Files.Select(file => file.Length > 0 ? Path.GetFullPath(file, folder) : file)] };

    /// <summary>
    /// The single value of an option, or null when it is absent. Throws <see cref="DatasetNotFoundException"/> for a list.
    /// </summary>
    public string? Value(string option) => !Options.TryGetValue(option, out var values) ? null
        : values is [var one] ? one
        : throw new DatasetNotFoundException($"'{option}' of the data set has {values.Count} values, but takes one.");

    /// <summary>The values of an option; empty when it is absent.</summary>
    public IReadOnlyList<string> Values(string option) => Options.GetValueOrDefault(option) ?? [];

    /// <inheritdoc/>
    public override string ToString()
    {
        var options = Options.Where(option => (Kind, option.Key) != ("csv", Label) || option.Value.Count != 1)
            .OrderBy(option => option.Key, StringComparer.Ordinal)
            .Select(option => $"{Uri.EscapeDataString(option.Key)}={string.Join(',', option.Value.Select(Uri.EscapeDataString))}").ToArray();
        var label = Kind == "csv" && Values(Label) is [var column] ? $"#{column}" : "";
        return $"{Kind}:{string.Join(',', Files)}{(options.Length > 0 ? "?" : "")}{string.Join('&', options)}{label}";
    }
}
