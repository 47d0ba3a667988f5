using System.CommandLine;
using System.Globalization;
using Client.Local;
using Client.Output;
using Engine;
using Engine.Data;
using Engine.Formats;
using Engine.Training;

namespace Client.Commands;

/// <summary><c>sweep predict</c></summary>
public sealed class PredictCommand : SweepCommand
{
    private const string FromExamples = "";

    private readonly Argument<FileInfo> model = new("model") { Description = "A model file: .safetensors or .npz, as sweep export writes it." };

    private readonly Argument<string> examples = new("examples")
    {
        Description = "Images (IDX, gzipped or not, PNG, JPEG, or a folder of these), a table (.csv) with the model's columns in any order, or a data set by name, whose test part is taken: fashion-mnist.",
    };

    private readonly Option<string?> labels = new("--labels")
    {
        Description = "Compare with the truth and print scores and the confusion matrix instead: an IDX file of classes, or without a file what the table or data set says.",
        HelpName = "file",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = result => result.Tokens.Count == 0 ? FromExamples : result.Tokens[0].Value,
    };

    private readonly Option<bool> probabilities = new("--probabilities") { Description = "Print the probability of every class or label." };

    private readonly Option<string?> data = CommonArguments.Data();

    public PredictCommand() : base("predict", "Predict examples with an exported model, one line per example.", SourceKinds.None)
    {
        Arguments.Add(model);
        Arguments.Add(examples);
        Options.Add(labels);
        Options.Add(probabilities);
        Options.Add(data);
    }

    /// <inheritdoc/>
    protected override Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel)
    {
        try
        {
            using var loaded = ModelFile.Load(parse.GetValue(model)!.FullName);
            var truth = parse.GetResult(labels) is null ? null : parse.GetValue(labels) ?? FromExamples;
            var evaluation = loaded.Model.Evaluate(Read(parse, context, loaded, truth, cancel));
            if (parse.GetValue(probabilities) && loaded.Output.Task == LearningTask.Regression)
                throw new UsageException("This model predicts numbers, which have no probabilities. Leave out --probabilities.");
            if (truth is not null && context.Terminal.Json)
                context.Terminal.WriteData(SweepJson.Write(json =>
                {
                    json.WriteStartObject();
                    EvaluationJson.WriteScores(json, evaluation);
                    json.WriteEndObject();
                }));
            else if (truth is not null)
                context.Terminal.WriteData(ReportText.Render(evaluation).TrimEnd());
            else if (context.Terminal.Json)
                context.Terminal.WriteData(EvaluationJson.Predictions(evaluation, parse.GetValue(probabilities)));
            else
                Print(context, evaluation, parse.GetValue(probabilities));
            return Task.FromResult(ExitCode.Done);
        }
        catch (Exception problem) when (problem is DataFileException or EngineException)
        {
            throw new UsageException(problem.Message, problem);
        }
    }

    private Samples Read(ParseResult parse, CommandContext context, SavedModel loaded, string? truth, CancellationToken cancel)
    {
        var name = parse.GetValue(examples)!;
        if (!File.Exists(name) && !Directory.Exists(name) && (DatasetCatalog.Names.Contains(name) || name.Contains(':', StringComparison.Ordinal)))
        {
            var dataset = Trainables.Load(context, DatasetCatalog.Rooted(name, Directory.GetCurrentDirectory()), parse.GetValue(data), cancel);
            if (truth is not null && !dataset.Output.Names.SequenceEqual(loaded.Output.Names))
                throw new UsageException($"The model predicts {string.Join(", ", loaded.Output.Names)}, but {name} has {string.Join(", ", dataset.Output.Names)}.");
            return dataset.Test.Count > 0 ? dataset.Test : dataset.Train;
        }
        var samples = loaded.ReadExamples(Path.GetFullPath(name), withOutputs: truth == FromExamples);
        if (truth is null or FromExamples)
            return samples;
        var classes = loaded.ReadLabels(truth, samples.Count);
        return samples.Bytes is { } bytes ? new Samples(bytes, classes, samples.Features) : new Samples(samples.Floats!, classes, samples.Features);
    }

    private static void Print(CommandContext context, Evaluation evaluation, bool probabilities)
    {
        var output = evaluation.Output;
        if (probabilities || output.Task == LearningTask.Regression)
            context.Terminal.WriteData($"example\t{string.Join('\t', output.Names)}");
        var shown = probabilities ? evaluation.Probabilities() : evaluation.Outputs;
        for (var i = 0; i < evaluation.Count; i++)
        {
            var row = new ArraySegment<float>(shown, i * output.Count, output.Count);
            context.Terminal.WriteData($"{i}\t" + (probabilities ? string.Join('\t', row.Select(p => p.ToString("F6", CultureInfo.InvariantCulture)))
                : output.Task == LearningTask.Regression ? string.Join('\t', row.Select(y => y.ToString("G7", CultureInfo.InvariantCulture)))
                : output.Task == LearningTask.Classification ? output.Names[evaluation.Predictions[i]]
                : string.Join(' ', output.Names.Where((_, label) => row[label] > 0))));
        }
    }
}
