using System.Collections.Concurrent;
using System.Globalization;

namespace Engine.Data;

/// <summary>
/// Loads data sets by name and caches them, so that all runs share one copy:
/// <list type="bullet">
/// <item><c>fashion-mnist</c>, <c>mnist</c>: four IDX files from a folder, else downloaded;</item>
/// <item><c>glyphs</c>: generated in memory, see <see cref="Glyphs"/>;</item>
/// <item><c>idx:FOLDER</c> with the four usual file names, <c>idx:IMAGES,LABELS</c>, or <c>idx:IMAGES,LABELS,IMAGES,LABELS</c> with a test
/// pair;</item>
/// <item><c>features:MODEL@NAME</c>: the outputs of a saved model's convolutions for the data set NAME;</item>
/// <item><c>csv:FILE#COLUMN</c> or <c>csv:FILE,TESTFILE#COLUMN</c>, where the column of labels is <c>label</c> by default; with the options
/// of <see cref="TableOptions"/>: <c>csv:FILE?target=price</c>;</item>
/// <item><c>npz:FILE</c>, see <see cref="NpzDataset"/>;</item>
/// <item><c>images:FOLDER</c>, see <see cref="ImageFolder"/>.</item>
/// </list>
/// Thread-safe.
/// </summary>
/// <param name="http">Sends the requests of downloads; a new <see cref="SocketsHttpHandler"/> per download by default.</param>
/// <param name="extract">
/// Computes the features of a data set with the model in a file, for <c>features:</c>; null when models cannot be read.
/// </param>
public sealed class DatasetCatalog(HttpMessageHandler? http = null, Func<string, Dataset, Dataset>? extract = null)
{
    private const string Features = "features:";

    private readonly ConcurrentDictionary<string, Entry> entries = new(StringComparer.Ordinal);

    /// <summary>The names that contain no path, for error messages and lists of choices.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. PublishedDataset.All.Select(p => p.Name), Glyphs.Name];

    /// <summary>
    /// Returns the data set with this name. The first caller loads it and others wait; a failure is not cached. Throws
    /// <see cref="DatasetNotFoundException"/>, <see cref="DataFileException"/>, or <see cref="OperationCanceledException"/>.
    /// </summary>
    public Dataset Load(
        string name, DataOptions options, IProgress<DownloadProgress>? progress = null, CancellationToken cancel = default)
    {
        var key = string.Join('\n', [name, .. options.Folders, options.CacheFolder]);
        var entry = entries.GetOrAdd(key, _ => new Entry());
        lock (entry.Gate)
            return entry.Dataset ??= Read(name, options, progress, cancel);
    }

    /// <summary>
    /// The name with its relative paths resolved against <paramref name="folder"/>, so that it names the same data set in every working
    /// folder.
    /// </summary>
    public static string Rooted(string name, string folder)
    {
        if (name.StartsWith(Features, StringComparison.Ordinal))
            return name.IndexOf('@', StringComparison.Ordinal) is > 0 and var at
                ? $"{Features}{Path.GetFullPath(name[Features.Length..at], folder)}@{Rooted(name[(at + 1)..], folder)}"
                : name;
        if (DatasetName.Parse(name) is not { } parts || !FileKinds.Contains(parts.Kind))
            return name;
        if (parts.Kind == "csv" && !parts.Options.Keys.Any(key => key is "label" or "target" or "labels"))
            parts = parts with { Options = new Dictionary<string, IReadOnlyList<string>>(parts.Options) { ["label"] = ["label"] } };
        return parts.Rooted(folder).ToString();
    }

    /// <summary>The kinds of data sets in files: the part of a name before the colon.</summary>
    public static IReadOnlyList<string> FileKinds { get; } = ["idx", "csv", "npz", "images"];

    /// <summary>The keys of a data set in a sweep file whose values are paths.</summary>
    public static IReadOnlyList<string> PathKeys { get; } = [.. FileKinds, "test"];

    /// <summary>The learning task of the data set with this name; null when only its files show it.</summary>
    public static LearningTask? TaskOf(string name)
    {
        if (name.StartsWith(Features, StringComparison.Ordinal) && name.IndexOf('@', StringComparison.Ordinal) is > 0 and var at)
            return TaskOf(name[(at + 1)..]);
        return DatasetName.Parse(name) switch
        {
            { Kind: "csv" } table => TableOptions.Of(table).Task,
            { Kind: "npz" } => null,
            _ => LearningTask.Classification,
        };
    }

    internal static void RefuseUnknown(DatasetName name, IReadOnlyList<string> known)
    {
        if (name.Options.Keys.FirstOrDefault(key => !known.Contains(key)) is { } unknown)
            throw new DatasetNotFoundException($"A data set of the kind '{name.Kind}' has no option '{unknown}'. It has: {(known.Count > 0 ? string.Join(", ", known) : "none")}.");
    }

    internal static int Size(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is > 0 and <= 10_000
        ? size
        : throw new DatasetNotFoundException($"'{text}' is no size of images. Expected a whole number from 1 to 10000.");

    private Dataset Read(string name, DataOptions options, IProgress<DownloadProgress>? progress, CancellationToken cancel)
    {
        if (name == Glyphs.Name)
            return Glyphs.Draw();
        if (extract is not null && name.StartsWith(Features, StringComparison.Ordinal))
            return Extract(extract, name, options, progress, cancel);
        if (PublishedDataset.All.FirstOrDefault(p => p.Name == name) is { } published)
            return ReadPublished(published, FindOrFetch(published, options, progress, cancel));
        return DatasetName.Parse(name) switch
        {
            { } parts when FileKinds.Contains(parts.Kind) && parts.Files.Contains("") =>
                throw new DatasetNotFoundException($"'{name}' has an empty file name. Write {parts.Kind}:FILE; a comma separates two files."),
            { Kind: "idx" } parts => ReadIdx(name, parts),
            { Kind: "csv" } parts => ReadTable(name, parts),
            { Kind: "npz" } parts => ReadNpz(name, parts),
            { Kind: "images" } parts => ReadImages(name, parts),
            _ => throw new DatasetNotFoundException(
                $"There is no data set '{name}': use {string.Join(", ", Names)}, idx:FOLDER, csv:FILE#COLUMN, npz:FILE, images:FOLDER or features:MODEL@NAME."),
        };
    }

    private Dataset Extract(Func<string, Dataset, Dataset> extract, string name, DataOptions options, IProgress<DownloadProgress>? progress, CancellationToken cancel)
    {
        if (name[Features.Length..].Split('@') is not [{ Length: > 0 } file, { Length: > 0 } images])
            throw new DatasetNotFoundException($"'{name}' names no model and data set: use features:MODEL@NAME, such as features:best.npz@fashion-mnist.");
        try
        {
            return extract(file, Load(images, options, progress, cancel)) with { Name = name };
        }
        catch (EngineException e)
        {
            throw new DatasetNotFoundException($"'{name}': {e.Message}");
        }
    }

    private static Dataset ReadPublished(PublishedDataset published, string folder)
    {
        var dataset = IdxDataset.FromFolder(published.Name, folder, published.ClassNames);
        published.CheckIdentity(dataset, folder);
        return dataset;
    }

    private string FindOrFetch(PublishedDataset dataset, DataOptions options, IProgress<DownloadProgress>? progress, CancellationToken cancel)
    {
        var own = options.CacheFolder is null ? null : Path.Combine(options.CacheFolder, dataset.Name);
        var found = options.Folders.SelectMany(f => new[] { Path.Combine(f, dataset.Name), f })
            .FirstOrDefault(f => IdxNames.Find(f, IdxNames.TrainImages) is not null);
        if (found is not null)
            return found;
        if (own is not null && dataset.Files.All(f => File.Exists(Path.Combine(own, f.Name))))
            return own;

        if (own is null || !options.Download)
        {
            var searched = string.Join(", ", options.Folders.Append(own).OfType<string>());
            throw new DatasetNotFoundException(
                $"{dataset.Name}: {IdxNames.TrainImages} is in none of the folders searched ({(searched.Length > 0 ? searched : "none was given")}). "
                + $"Name one with --data or {DataOptions.FolderVariable}.");
        }

        using var handler = http is null ? new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(15) } : null;
        FileDownload.Fetch(dataset, own, http ?? handler!, progress, cancel);
        return own;
    }

    private static Dataset ReadIdx(string name, DatasetName parts)
    {
        RefuseUnknown(parts, []);
        return parts.Files switch
        {
            [var folder] => IdxDataset.FromFolder(name, folder),
            [var images, var labels] => IdxDataset.FromFiles(name, (images, labels), null),
            [var images, var labels, var testImages, var testLabels] => IdxDataset.FromFiles(name, (images, labels), (testImages, testLabels)),
            _ => throw new DatasetNotFoundException($"'{name}' has {parts.Files.Count} parts: use idx:FOLDER, idx:IMAGES,LABELS or idx:IMAGES,LABELS,IMAGES,LABELS."),
        };
    }

    private static Dataset ReadTable(string name, DatasetName parts) => parts.Files.Count <= 2
        ? TableDataset.FromFiles(name, parts.Files[0], parts.Files.ElementAtOrDefault(1), TableOptions.Of(parts))
        : throw new DatasetNotFoundException($"'{name}' has {parts.Files.Count} files: use csv:FILE#COLUMN or csv:FILE,TESTFILE#COLUMN.");

    private static Dataset ReadNpz(string name, DatasetName parts)
    {
        RefuseUnknown(parts, ["channels_first"]);
        return parts.Files is [var file]
            ? NpzDataset.FromFile(name, file, parts.Value("channels_first") == "true")
            : throw new DatasetNotFoundException($"'{name}' has {parts.Files.Count} files: use npz:FILE.");
    }

    private static Dataset ReadImages(string name, DatasetName parts)
    {
        RefuseUnknown(parts, ["size", "channels"]);
        (int, int)? size = parts.Values("size") switch
        {
            [] => null,
            [var side] => (Size(side), Size(side)),
            [var height, var width] => (Size(height), Size(width)),
            _ => throw new DatasetNotFoundException("'size' is the height and the width of the images, or one number for both."),
        };
        int? channels = parts.Value("channels") switch
        {
            null => null,
            "1" => 1,
            "3" => 3,
            var other => throw new DatasetNotFoundException($"'channels' is '{other}', but must be 1 for gray or 3 for colour."),
        };
        return parts.Files is [var folder]
            ? ImageFolder.Read(name, folder, size, channels)
            : throw new DatasetNotFoundException($"'{name}' has {parts.Files.Count} folders: use images:FOLDER.");
    }

    private sealed class Entry
    {
        public Lock Gate { get; } = new();
        public Dataset? Dataset { get; set; }
    }
}
