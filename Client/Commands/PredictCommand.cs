using System.CommandLine;
using Client.Rendering;
using Engine;
using Engine.Data;
using Engine.Formats;

namespace Client.Commands;

/// <summary><c>sweep predict</c></summary>
public sealed class PredictCommand : SweepCommand
{
    private readonly Argument<FileInfo> model = new("model") { Description = "A model file: .safetensors or .npz, as sweep export writes it." };
    private readonly Argument<FileInfo> examples = new("examples") { Description = "Images (IDX, gzipped or not) or a table (.csv) with the model's columns." };

    /// <summary>Builds the command.</summary>
    public PredictCommand() : base("predict", "The classes that an exported model sees in a file of examples: one line each.")
    {
        Arguments.Add(model);
        Arguments.Add(examples);
    }

    /// <inheritdoc/>
    protected override Task<ExitCode> RunAsync(ParseResult parse, Session session, CancellationToken cancel)
    {
        try
        {
            using var loaded = ModelFile.Load(parse.GetValue(model)!.FullName);
            var predictions = loaded.Predict(loaded.ReadExamples(parse.GetValue(examples)!.FullName));
            if (session.Terminal.Json)
                session.Terminal.WriteData(Write(predictions, loaded.ClassNames));
            else
                for (var i = 0; i < predictions.Length; i++)
                    session.Terminal.WriteData($"{i}\t{loaded.ClassNames[predictions[i]]}");
            return Task.FromResult(ExitCode.Done);
        }
        catch (Exception problem) when (problem is DataFileException or EngineException)
        {
            throw new UsageException(problem.Message, problem);
        }
    }

    private static string Write(byte[] predictions, IReadOnlyList<string> names) => SweepJson.Write(json =>
    {
        json.WriteStartArray();
        foreach (var prediction in predictions)
            json.WriteStringValue(names[prediction]);
        json.WriteEndArray();
    });
}
