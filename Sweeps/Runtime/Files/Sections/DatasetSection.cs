using System.Globalization;
using Engine;
using Engine.Data;

namespace Sweeps.Files.Sections;

/// <summary>
/// <c>dataset</c>: a name, or a map with the files and how to read them. A map is converted to a name with options (<see cref="DatasetName"/>).
/// </summary>
internal sealed class DatasetSection
{
    private static readonly string[] Missing = ["mean", "drop", "refuse"];

    private static readonly string[] Outputs = ["label", "target", "labels"];

    private readonly Section section;
    private readonly Dictionary<string, IReadOnlyList<string>> options = [];

    private DatasetSection(Section section) => this.section = section;

    /// <summary>Returns the data set's name; null if the key is absent or after a reported mistake.</summary>
    public static string? Read(Section top, string key) =>
        !top.HasMap(key) ? top.TakeText(key)
        : top.TakeSection(key) is { } section ? new DatasetSection(section).Read()
        : null;

    private string? Read()
    {
        var before = section.Diagnostics.Mistakes.Count;
        section.Know([.. DatasetCatalog.FileKinds]);
        if (DatasetCatalog.FileKinds.Where(section.Has).ToArray() is not [var kind])
        {
            section.Mistake(null, $"'{section.Path}' needs exactly one of {string.Join(", ", DatasetCatalog.FileKinds)}, with its file or folder: {{csv: houses.csv, target: price}}.");
            return null;
        }
        List<string> files = [.. section.TakeTexts(kind) ?? []];
        switch (kind)
        {
            case "csv":
                files.AddRange(section.TakeTexts("test") ?? []);
                ReadTable();
                break;
            case "npz":
                Set("channels_first", Word(section.TakeBoolean("channels_first")));
                break;
            case "images":
                Set("size", Sizes("size", 1, 2, "the height and the width of the images, or one number for both: [32, 32]"));
                Set("channels", Texts(section.TakeInteger("channels", 1, 3)?.ToString(CultureInfo.InvariantCulture)));
                break;
        }
        section.End();
        if (files.Find(file => file.Contains(',', StringComparison.Ordinal)) is { } comma)
            section.Mistake(kind, $"'{comma}' has a comma in its name, which a data set's files cannot have. Rename it.");
        return section.Diagnostics.Mistakes.Count > before ? null : new DatasetName(kind, files, options).ToString();
    }

    private void ReadTable()
    {
        if (Outputs.Where(section.Has).ToArray() is { Length: > 1 } several)
            section.Mistake(several[1], $"{string.Join(" and ", several.Select(name => $"'{name}'"))} cannot be used together: 'label' is a column of classes, 'target' one or several of numbers, 'labels' several of 1 and 0.");
        Set("label", Texts(section.TakeText("label")));
        Set("target", section.TakeTexts("target"));
        Set("labels", section.TakeTexts("labels"));
        Set("ignore", section.TakeTexts("ignore"));
        Set("text", section.TakeTexts("text"));
        Set("delimiter", Texts(Delimiter()));
        Set("header", Word(section.TakeBoolean("header")));
        Set("missing", Texts(section.TakeText("missing") is { } missing ? Checked(missing) : null));
        Set("shape", Sizes("shape", 2, 3, "height, width and channels of an image: [28, 28, 1]"));
    }

    private string Checked(string missing)
    {
        if (!Missing.Contains(missing))
            section.Mistake("missing", $"'{section.Full("missing")}' cannot be '{missing}'. {DidYouMean.Hint(missing, Missing)}");
        return missing;
    }

    private string? Delimiter()
    {
        var text = section.TakeText("delimiter");
        if (text is null or { Length: 1 })
            return text;
        if (text is not ("tab" or "\\t"))
            section.Mistake("delimiter", $"'{section.Full("delimiter")}' must be one character, or tab; received '{text}'.");
        return "tab";
    }

    private IReadOnlyList<string>? Sizes(string key, int fewest, int most, string expected)
    {
        var sizes = section.TakeTexts(key);
        if (sizes is not null && (sizes.Count < fewest || sizes.Count > most || !sizes.All(size => int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 10_000)))
            section.Mistake(key, $"'{section.Full(key)}' must be {expected}.");
        return sizes;
    }

    private void Set(string option, IReadOnlyList<string>? values)
    {
        if (values is not null)
            options[option] = values;
    }

    private static string[]? Texts(string? text) => text is null ? null : [text];

    private static string[]? Word(bool? value) => value is null ? null : [value.Value ? "true" : "false"];
}
