namespace Engine.Data;

/// <summary>
/// The parts of the name of a data set of files: <c>csv:train.csv,test.csv?target=price&amp;missing=mean</c>. Keys and values of options are
/// percent-encoded; the items of a list stand between commas, each encoded by itself.
/// </summary>
/// <param name="Kind">What kind of files these are: <c>csv</c>.</param>
/// <param name="Files">The files or folders, the training part first.</param>
/// <param name="Options">The options by name, each a list of values.</param>
public sealed record DatasetName(string Kind, IReadOnlyList<string> Files, IReadOnlyDictionary<string, IReadOnlyList<string>> Options)
{
    private const string Label = "label";

    /// <summary>Reads a name. The older form <c>csv:FILE#COLUMN</c> names the column of labels behind the files. Null for a name without a kind.</summary>
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

    /// <summary>The name with its files counted from <paramref name="folder"/>.</summary>
    public DatasetName Rooted(string folder) => this with { Files = [.. Files.Select(file => file.Length > 0 ? Path.GetFullPath(file, folder) : file)] };

    /// <summary>The one value of an option, or null. Throws <see cref="DatasetNotFoundException"/> when it is a list.</summary>
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
