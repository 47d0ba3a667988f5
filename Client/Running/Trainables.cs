using Engine.Data;
using Sweeps.Core;
using Sweeps.Training;
using Sweeps.Training.Networks;

namespace Client.Running;

/// <summary>Makes what a sweep trains; data sets are found or downloaded here, before anything is created.</summary>
public static class Trainables
{
    /// <summary>The trainable. Throws <see cref="UsageException"/> when its data are nowhere, or cannot be used.</summary>
    public static ITrainable Make(Session session, SweepSpec spec, string? dataFolder, CancellationToken cancel)
    {
        try
        {
            return spec.Trainable switch
            {
                TrainableSpec.Network network => new NetworkTrainable(Load(session, network.Dataset, dataFolder, cancel), spec, session.Time),
                TrainableSpec.Function function => FunctionTrainable.Of(spec, function),
                _ => throw new UsageException($"'{spec.Trainable.GetType().Name}' cannot be trained here."),
            };
        }
        catch (ConfigurationException problem)
        {
            throw new UsageException(problem.Message, problem);
        }
    }

    /// <summary>A data set by name, with a progress bar should it have to be downloaded. Throws <see cref="UsageException"/>.</summary>
    public static Dataset Load(Session session, string name, string? folder, CancellationToken cancel)
    {
        var display = new DownloadBar(session.Terminal);
        try
        {
            return DatasetCatalog.Shared.Load(name, Options(folder), display, cancel);
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
