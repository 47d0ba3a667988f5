using System.Globalization;
using Client.Output;
using Engine.Data;
using Engine.Formats;
using Sweeps.Core;
using Sweeps.Files;
using Sweeps.Training;

namespace Client.Local;

/// <summary>Creates the trainable of a sweep and loads its data set, downloading it if necessary.</summary>
public static class Trainables
{
    /// <summary>
    /// Creates the trainable of a sweep file, with warnings about values that do not fit the data's shape: builds configurations on the
    /// data, so that errors are reported before the sweep is created. Throws <see cref="UsageException"/> with the location in the file
    /// when none of the first configurations can be built.
    /// </summary>
    public static (ITrainable Trainable, IReadOnlyList<Diagnostic> Warnings) Make(
        CommandContext context, SweepFile file, DataOptions data, CancellationToken cancel)
    {
        try
        {
            var trainable = Make(context, file.Spec, data, cancel);
            var first = SpecCheck.Of(file).Samples.Select(sample => sample.Configuration).ToArray();
            return (trainable, [.. BuildCheck.Run(file.Spec, first, trainable).Select(value => Warning(file, value))]);
        }
        catch (Exception problem) when (problem is UsageException or ConfigurationException)
        {
            throw new UsageException(new Diagnostic(file.TrainedLocation, problem.Message).At(file.FileName), problem);
        }
    }

    private static Diagnostic Warning(SweepFile file, UnbuildableValue value)
    {
        var at = file.Locations.TryGetValue($"{value.Parameter}[{value.Index}]", out var location) ? location
            : file.Locations.TryGetValue(value.Parameter, out location) ? location
            : file.TrainedLocation;
        return new Diagnostic(at, $"None of {value.Tried} configurations with {value.Parameter} = {value.Value} can be trained with these data, so every such run fails: {value.Why}");
    }

    /// <summary>Creates the trainable. Throws <see cref="UsageException"/> when its data cannot be found or read.</summary>
    public static ITrainable Make(CommandContext context, SweepSpec spec, string? dataFolder, CancellationToken cancel) =>
        Make(context, spec, Options(dataFolder), cancel);

    private static ITrainable Make(CommandContext context, SweepSpec spec, DataOptions data, CancellationToken cancel)
    {
        try
        {
            return TrainableFactory.Make(
                spec, name => Load(context, name, data, cancel), file => Find(file, data.Folders), context.Time);
        }
        catch (Exception problem) when (problem is ConfigurationException or InvalidDataException)
        {
            throw new UsageException(problem.Message, problem);
        }
    }

    private static string Find(string file, IReadOnlyList<string> folders) =>
        folders.Select(folder => Path.Combine(folder, file)).Prepend(file).FirstOrDefault(File.Exists)
        ?? throw new UsageException($"The table '{file}' is neither beside the sweep file nor in a data folder ({(folders.Count > 0 ? string.Join(", ", folders) : "none was given")}). Name one with --data or {DataOptions.FolderVariable}.");

    /// <summary>Loads a data set by name; a download shows a progress bar. Throws <see cref="UsageException"/>.</summary>
    public static Dataset Load(CommandContext context, string name, string? folder, CancellationToken cancel) => Load(context, name, Options(folder), cancel);

    private static Dataset Load(CommandContext context, string name, DataOptions options, CancellationToken cancel)
    {
        var display = new DownloadBar(context.Terminal);
        try
        {
            return Datasets.Shared.Load(name, options, display, cancel);
        }
        catch (Exception problem) when (problem is DatasetNotFoundException or DataFileException)
        {
            throw new UsageException(problem.Message, problem);
        }
        finally
        {
            display.Done();
        }
    }

    /// <summary>The folders in which the files of a published data set may be, in the order of the search.</summary>
    public static IEnumerable<string> FoldersOf(PublishedDataset known, DataOptions options) => options.Folders
        .SelectMany(folder => new[] { Path.Combine(folder, known.Name), folder })
        .Concat(options.CacheFolder is { } cache ? [Path.Combine(cache, known.Name)] : Array.Empty<string>());

    /// <summary>The folder that has all files of a published data set, or null.</summary>
    public static string? FolderOf(PublishedDataset known, DataOptions options) => FoldersOf(known, options)
        .FirstOrDefault(folder => known.Files.All(file => File.Exists(Path.Combine(folder, file.Name)) || File.Exists(Path.Combine(folder, Path.GetFileNameWithoutExtension(file.Name)))));

    /// <summary>The folders in which data sets are searched. Throws <see cref="UsageException"/> when <paramref name="folder"/> does not exist.</summary>
    public static DataOptions Options(string? folder)
    {
        try
        {
            return DataOptions.FromEnvironment(folder);
        }
        catch (DatasetNotFoundException problem)
        {
            throw new UsageException(problem.Message, problem);
        }
    }
}

/// <summary>The progress of a download on standard error: one line that is overwritten in a terminal, otherwise one line per file.</summary>
public sealed class DownloadBar(Terminal terminal) : IProgress<DownloadProgress>
{
    private const int Cells = 24;
    private string? file;
    private bool lineOpen;
    private long shown;

    /// <inheritdoc/>
    public void Report(DownloadProgress value)
    {
        var writer = terminal.Error.Profile.Out.Writer;
        var live = terminal.Error.Profile.Capabilities.Interactive;
        if (value.File != file)
        {
            Done();
            (file, shown) = (value.File, 0);
            if (!live)
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Downloading {value.File} ({value.Total / 1e6:0.0} MB) …"));
        }
        // Limits the updates to about a hundred per file.
        if (!live || (value.Bytes < value.Total && value.Bytes - shown < value.Total / 100))
            return;
        shown = value.Bytes;
        lineOpen = true;
        var (done, left) = EpochBar.Cells((int)(value.Bytes / 1024), (int)Math.Max(1, value.Total / 1024), Cells);
        writer.Write(string.Create(CultureInfo.InvariantCulture, $"\r  {done}{left}  {value.Bytes / 1e6,6:0.0} of {value.Total / 1e6:0.0} MB  {value.File}"));
    }

    /// <summary>Ends the line.</summary>
    public void Done()
    {
        if (lineOpen)
            terminal.Error.Profile.Out.Writer.WriteLine();
        lineOpen = false;
    }
}
