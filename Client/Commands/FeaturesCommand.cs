using System.CommandLine;
using Client.Local;
using Client.Output;
using Engine;
using Engine.Data;
using Engine.Formats;
using Engine.Training;

namespace Client.Commands;

/// <summary><c>sweep features</c></summary>
public sealed class FeaturesCommand : SweepCommand
{
    private readonly Argument<FileInfo> model = new("model") { Description = "A convolutional model: .safetensors or .npz, as sweep export writes it." };
    private readonly Argument<string> dataset = new("dataset") { Description = "The images, by name: fashion-mnist." };
    private readonly Argument<FileInfo> destination = new("output") { Description = "The .npz to write: train, validation, test and their labels." };
    private readonly Option<string?> data = CommonArguments.Data();

    public FeaturesCommand() : base("features", "Write the outputs of a model's convolutions for a data set, for NumPy.", SourceKinds.None)
    {
        Arguments.Add(model);
        Arguments.Add(dataset);
        Arguments.Add(destination);
        Options.Add(data);
    }

    /// <inheritdoc/>
    protected override Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel)
    {
        try
        {
            using var loaded = ModelFile.Load(parse.GetValue(model)!.FullName);
            var features = FeatureExtraction.Extract(
                loaded.Model, Trainables.Load(context, parse.GetValue(dataset)!, parse.GetValue(data), cancel));
            OutputFile.Write(parse.GetValue(destination)!.FullName, file => FeatureExtraction.WriteNpz(file, features, new TrainingOptions()));
            context.Terminal.Answer(
                $"{features.Train.Count + features.Test.Count:N0} examples of {features.Features} features. A dense network on them: dataset: "
                + $"features:{parse.GetValue(model)}@{parse.GetValue(dataset)}",
                json =>
                {
                    json.WriteString("file", parse.GetValue(destination)!.FullName);
                    json.WriteNumber("examples", features.Train.Count + features.Test.Count);
                    json.WriteNumber("features", features.Features);
                });
            return Task.FromResult(ExitCode.Done);
        }
        catch (Exception problem) when (problem is DatasetNotFoundException or DataFileException or EngineException)
        {
            throw new UsageException(problem.Message, problem);
        }
    }
}
