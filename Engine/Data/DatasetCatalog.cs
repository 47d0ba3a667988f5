using System.Collections.Concurrent;

namespace Engine.Data;

/// <summary>
/// Data sets by name, each loaded once however many runs ask for it:
/// <list type="bullet">
/// <item><c>fashion-mnist</c>, <c>mnist</c>: four IDX files from a folder, else downloaded;</item>
/// <item><c>glyphs</c>: drawn in memory, see <see cref="Glyphs"/>;</item>
/// <item><c>idx:FOLDER</c> with the four customary names, <c>idx:IMAGES,LABELS</c>, or <c>idx:IMAGES,LABELS,IMAGES,LABELS</c> with a test pair;</item>
/// <item><c>features:MODEL@NAME</c>: what the convolutions of a saved model make of the data set NAME;</item>
/// <item><c>csv:FILE#COLUMN</c> or <c>csv:FILE,TESTFILE#COLUMN</c>, where the column of labels is <c>label</c> unless named.</item>
/// </list>
/// Thread-safe.
/// </summary>
/// <param name="http">Makes requests for downloads; a new <see cref="SocketsHttpHandler"/> per download by default.</param>
/// <param name="extract">Makes the features of a data set with the model in a file, for <c>features:</c>; null where models cannot be read.</param>
public sealed class DatasetCatalog(HttpMessageHandler? http = null, Func<string, Dataset, Dataset>? extract = null)
{
    private readonly ConcurrentDictionary<string, Entry> entries = new(StringComparer.Ordinal);

    /// <summary>The names that need no file: what an error message or a list of choices can offer.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. PublishedDataset.All.Select(p => p.Name), Glyphs.Name];

    /// <summary>
    /// The data set of this name. The first caller loads it, others wait for that; a failure is not remembered.
    /// Throws <see cref="DatasetNotFoundException"/>, <see cref="DataFileException"/>, or <see cref="OperationCanceledException"/>.
    /// </summary>
    public Dataset Load(
        string name, DataOptions options, IProgress<DownloadProgress>? progress = null, CancellationToken cancel = default)
    {
        var key = string.Join('\n', [name, .. options.Folders, options.CacheFolder]);
        var entry = entries.GetOrAdd(key, _ => new Entry());
        lock (entry.Gate)
            return entry.Dataset ??= Read(name, options, progress, cancel);
    }

    /// <summary>The name with its files counted from <paramref name="folder"/>, so that it means the same data set in every working folder.</summary>
    public static string Rooted(string name, string folder)
    {
        if (name.StartsWith("idx:", StringComparison.Ordinal))
            return "idx:" + RootedFiles(name["idx:".Length..], folder);
        if (name.StartsWith("csv:", StringComparison.Ordinal))
        {
            var hash = name.LastIndexOf('#');
            return $"csv:{RootedFiles(name["csv:".Length..(hash < 0 ? name.Length : hash)], folder)}{(hash < 0 ? "#label" : name[hash..])}";
        }
        return name.StartsWith("features:", StringComparison.Ordinal) && name.IndexOf('@', StringComparison.Ordinal) is > 0 and var at
            ? $"features:{RootedFiles(name["features:".Length..at], folder)}@{Rooted(name[(at + 1)..], folder)}"
            : name;
    }

    private static string RootedFiles(string files, string folder) =>
        string.Join(',', files.Split(',').Select(file => file.Length > 0 ? Path.GetFullPath(file, folder) : file));

    private Dataset Read(string name, DataOptions options, IProgress<DownloadProgress>? progress, CancellationToken cancel)
    {
        if (name == Glyphs.Name)
            return Glyphs.Draw();
        if (name.StartsWith("idx:", StringComparison.Ordinal))
            return ReadIdx(name);
        if (name.StartsWith("csv:", StringComparison.Ordinal))
            return ReadCsv(name);
        if (extract is not null && name.StartsWith("features:", StringComparison.Ordinal))
            return Extract(extract, name, options, progress, cancel);
        if (PublishedDataset.All.FirstOrDefault(p => p.Name == name) is { } published)
            return ReadPublished(published, FindOrFetch(published, options, progress, cancel));

        throw new DatasetNotFoundException($"There is no data set '{name}': use {string.Join(", ", Names)}, idx:FOLDER, csv:FILE#COLUMN or features:MODEL@NAME.");
    }

    private Dataset Extract(Func<string, Dataset, Dataset> extract, string name, DataOptions options, IProgress<DownloadProgress>? progress, CancellationToken cancel)
    {
        if (name["features:".Length..].Split('@') is not [{ Length: > 0 } file, { Length: > 0 } images])
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

    private static Dataset ReadIdx(string name)
    {
        var parts = name["idx:".Length..].Split(',');
        return parts.Length switch
        {
            1 => IdxDataset.FromFolder(name, parts[0]),
            2 => IdxDataset.FromFiles(name, (parts[0], parts[1]), null),
            4 => IdxDataset.FromFiles(name, (parts[0], parts[1]), (parts[2], parts[3])),
            _ => throw new DatasetNotFoundException($"'{name}' has {parts.Length} parts: use idx:FOLDER, idx:IMAGES,LABELS or idx:IMAGES,LABELS,IMAGES,LABELS."),
        };
    }

    private static Dataset ReadCsv(string name)
    {
        var hash = name.LastIndexOf('#');
        var column = hash < 0 ? "label" : name[(hash + 1)..];
        var parts = name["csv:".Length..(hash < 0 ? name.Length : hash)].Split(',');
        return parts.Length <= 2
            ? CsvDataset.FromFiles(name, parts[0], parts.ElementAtOrDefault(1), column)
            : throw new DatasetNotFoundException($"'{name}' has {parts.Length} files: use csv:FILE#COLUMN or csv:FILE,TESTFILE#COLUMN.");
    }

    private sealed class Entry
    {
        public Lock Gate { get; } = new();
        public Dataset? Dataset { get; set; }
    }
}
