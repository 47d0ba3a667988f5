using Engine.Data;
using Engine.Formats;
using Sweeps.Core;
using Sweeps.Training;

namespace Client.Running;

/// <summary>Makes what a sweep trains; data sets are found or downloaded here, before anything is created.</summary>
public static class Trainables
{
    /// <summary>The trainable. Throws <see cref="UsageException"/> when its data are nowhere, or cannot be used.</summary>
    public static ITrainable Make(Session session, SweepSpec spec, string? dataFolder, CancellationToken cancel)
    {
        try
        {
            return TrainableFactory.Make(
                spec, name => Load(session, name, dataFolder, cancel), file => Find(file, Options(dataFolder).Folders), session.Time);
        }
        catch (Exception problem) when (problem is ConfigurationException or InvalidDataException)
        {
            throw new UsageException(problem.Message, problem);
        }
    }

    private static string Find(string file, IReadOnlyList<string> folders) =>
        folders.Select(folder => Path.Combine(folder, file)).Prepend(file).FirstOrDefault(File.Exists)
        ?? throw new UsageException($"The table '{file}' is neither in the working folder nor in a data folder ({(folders.Count > 0 ? string.Join(", ", folders) : "none was given")}). Name one with --data or {DataOptions.FolderVariable}.");

    /// <summary>A data set by name, with a progress bar should it have to be downloaded. Throws <see cref="UsageException"/>.</summary>
    public static Dataset Load(Session session, string name, string? folder, CancellationToken cancel)
    {
        var display = new DownloadBar(session.Terminal);
        try
        {
            return Datasets.Shared.Load(name, Options(folder), display, cancel);
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
