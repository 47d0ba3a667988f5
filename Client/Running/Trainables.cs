using Engine.Data;
using Engine.Formats;
using Sweeps.Core;
using Sweeps.Files;
using Sweeps.Training;

namespace Client.Running;

/// <summary>Makes what a sweep trains; data sets are found or downloaded here, before anything is created.</summary>
public static class Trainables
{
    /// <summary>
    /// What a sweep file trains. The first configurations are built on the data, so that an option which does not go with their shape is
    /// known before anything is created. Throws <see cref="UsageException"/> with the place in the file.
    /// </summary>
    public static ITrainable Make(Session session, SweepFile file, DataOptions data, CancellationToken cancel)
    {
        try
        {
            var trainable = Make(session, file.Spec, data, cancel);
            foreach (var sample in SpecCheck.Of(file).Samples)
                Build(trainable, sample);
            return trainable;
        }
        catch (UsageException problem)
        {
            throw new UsageException(new Diagnostic(file.TrainedLocation, problem.Message).At(file.FileName), problem);
        }
    }

    private static void Build(ITrainable trainable, SampleRun sample)
    {
        try
        {
            trainable.Start(sample.Configuration, 0).Dispose();
        }
        catch (ConfigurationException problem)
        {
            throw new UsageException($"The configuration {sample.Configuration} cannot be trained: {problem.Message}", problem);
        }
    }

    /// <summary>The trainable. Throws <see cref="UsageException"/> when its data are nowhere, or cannot be used.</summary>
    public static ITrainable Make(Session session, SweepSpec spec, string? dataFolder, CancellationToken cancel) =>
        Make(session, spec, Options(dataFolder), cancel);

    private static ITrainable Make(Session session, SweepSpec spec, DataOptions data, CancellationToken cancel)
    {
        try
        {
            return TrainableFactory.Make(
                spec, name => Load(session, name, data, cancel), file => Find(file, data.Folders), session.Time);
        }
        catch (Exception problem) when (problem is ConfigurationException or InvalidDataException)
        {
            throw new UsageException(problem.Message, problem);
        }
    }

    private static string Find(string file, IReadOnlyList<string> folders) =>
        folders.Select(folder => Path.Combine(folder, file)).Prepend(file).FirstOrDefault(File.Exists)
        ?? throw new UsageException($"The table '{file}' is neither beside the sweep file nor in a data folder ({(folders.Count > 0 ? string.Join(", ", folders) : "none was given")}). Name one with --data or {DataOptions.FolderVariable}.");

    /// <summary>A data set by name, with a progress bar should it have to be downloaded. Throws <see cref="UsageException"/>.</summary>
    public static Dataset Load(Session session, string name, string? folder, CancellationToken cancel) => Load(session, name, Options(folder), cancel);

    private static Dataset Load(Session session, string name, DataOptions options, CancellationToken cancel)
    {
        var display = new DownloadBar(session.Terminal);
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

    /// <summary>The folder that has all files of a published data set, or null.</summary>
    public static string? FolderOf(PublishedDataset known, DataOptions options) => options.Folders
        .SelectMany(folder => new[] { Path.Combine(folder, known.Name), folder })
        .Append(options.CacheFolder is { } cache ? Path.Combine(cache, known.Name) : "")
        .FirstOrDefault(folder => known.Files.All(file => File.Exists(Path.Combine(folder, file.Name)) || File.Exists(Path.Combine(folder, Path.GetFileNameWithoutExtension(file.Name)))));

    /// <summary>Where data sets are looked for. Throws <see cref="UsageException"/> when a folder that was named does not exist.</summary>
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
