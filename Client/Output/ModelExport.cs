using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Client.Sources;
using Client.Views;
using Engine.Data;
using Engine.Formats;
using Sweeps.Core;
using Sweeps.Log;
using Sweeps.Training;

namespace Client.Output;

/// <summary>Exports the weights of a run's best epoch.</summary>
public static class ModelExport
{
    /// <summary>
    /// Writes the weights and their origin to a <c>.safetensors</c> or <c>.npz</c> file. Returns the epoch of the weights. Throws
    /// <see cref="UsageException"/>.
    /// </summary>
    public static async Task<int> SaveAsync(ISweepSource source, SweepHistory history, SweepRun run, string path, CancellationToken cancel)
    {
        var own = history.Spec.Trainable is DotnetSpec;
        if (!own && Path.GetExtension(path) is not (".safetensors" or ".npz"))
            throw new UsageException($"{path}: models are written as .safetensors or .npz.");
        if (!own && history.Spec.Trainable is not TrainableSpec.Network)
            throw new UsageException($"Sweep {history.Sweep} trains no network, so there are no weights.");
        var weights = await WeightsAsync(source, history, run, cancel);
        if (own)
        {
            // A .NET trainable defines the format of its weights, so its bytes are written unchanged.
            OutputFile.Write(path, file => file.Write(weights.Data.Span));
            return weights.Epoch;
        }
        try
        {
            ModelFile.Save(weights.Data.ToArray(), Origin(history, run, weights.Epoch), path);
        }
        catch (Exception problem) when (problem is DataFileException)
        {
            throw new UsageException($"The weights of run {run.Number} of {history.Sweep} cannot be read: {problem.Message}", problem);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path}: {problem.Message}", problem);
        }
        return weights.Epoch;
    }

    /// <summary>The weights of a run's best epoch. Throws <see cref="UsageException"/> when there are none.</summary>
    public static async Task<StoredCheckpoint> WeightsAsync(ISweepSource source, SweepHistory history, SweepRun run, CancellationToken cancel) =>
        await source.BestWeightsAsync(history.Sweep, run.Number, cancel) ?? throw new UsageException(run.Over
            ? $"The weights of run {run.Number} of {history.Sweep} are not kept: only the best runs keep theirs. Those: ./sweep top {history.Sweep}"
            : $"Run {run.Number} of {history.Sweep} has no weights yet: they are written with its first checkpoint.");

    private static JsonObject Origin(SweepHistory history, SweepRun run, int epoch) => JsonNode.Parse(SweepJson.Write(json =>
    {
        var objective = history.Spec.Objective;
        json.WriteStartObject();
        json.WriteString("sweep", history.Sweep);
        json.WriteNumber("run", run.Number);
        json.WriteNumber("epoch", epoch);
        json.WriteString("metric", objective.Name);
        json.WriteString("goal", objective.Goal == Goal.Maximize ? "maximize" : "minimize");
        SweepJson.WriteNumber(json, "value", epoch <= run.Epoch ? objective.AsReported(run.ValueAt(epoch)) : null);
        SweepJson.WriteConfiguration(json, run.Configuration);
        json.WriteEndObject();
    }))!.AsObject();
}

/// <summary>Writes files that the user named.</summary>
public static partial class OutputFile
{
    /// <summary>Writes a file atomically. Throws <see cref="UsageException"/> when this fails.</summary>
    public static void Write(string path, Action<Stream> content)
    {
        try
        {
            AtomicFile.Write(path, content);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Refused(path, problem);
        }
    }

    /// <summary>The error of a file that cannot be written, without the name of the temporary file.</summary>
    public static UsageException Refused(string path, Exception problem) => new(
        Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder) ? $"{path} cannot be written: there is no folder {folder}."
        : Directory.Exists(path) ? $"{path} is a folder; expected the name of a file."
        : $"{path} cannot be written: {TemporaryName().Replace(problem.Message, "")}", problem);

    [GeneratedRegex(@"\.[0-9a-f]{32}\.tmp")]
    private static partial Regex TemporaryName();

    /// <summary>Writes a text as UTF-8, atomically. Throws <see cref="UsageException"/> when this fails.</summary>
    public static void Write(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
}
