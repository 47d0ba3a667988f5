using System.CommandLine;
using Client.Output;
using Engine;
using Engine.Data;
using Engine.Formats;
using Engine.Training;

namespace Client.Commands;

/// <summary><c>sweep predict</c></summary>
public sealed class PredictCommand : SweepCommand
{
    private readonly Argument<FileInfo> model = new("model") { Description = "A model file: .safetensors or .npz, as sweep export writes it." };
    private readonly Argument<FileInfo> examples = new("examples") { Description = "Images (IDX, gzipped or not) or a table (.csv) with the model's columns." };

    private readonly Option<FileInfo?> labels = new("--labels") { Description = "The true classes (IDX): prints scores of each class and the confusion matrix instead." };

    public PredictCommand() : base("predict", "The classes that an exported model sees in a file of examples: one line each.", SourceKinds.None)
    {
        Arguments.Add(model);
        Arguments.Add(examples);
        Options.Add(labels);
    }

    /// <inheritdoc/>
    protected override Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel)
    {
        try
        {
            using var loaded = ModelFile.Load(parse.GetValue(model)!.FullName);
            var predictions = loaded.Predict(loaded.ReadExamples(parse.GetValue(examples)!.FullName));
            if (parse.GetValue(labels) is { } truth)
            {
                var report = new ClassificationReport(predictions, loaded.ReadLabels(truth.FullName, predictions.Length), loaded.Output.Names);
                context.Terminal.WriteData(context.Terminal.Json ? Write(report) : ReportText.Render(report).TrimEnd());
            }
            else if (context.Terminal.Json)
                context.Terminal.WriteData(Write(predictions, loaded.Output.Names));
            else
                for (var i = 0; i < predictions.Length; i++)
                    context.Terminal.WriteData($"{i}\t{loaded.Output.Names[predictions[i]]}");
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

    private static string Write(ClassificationReport report) => SweepJson.Write(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("accuracy", report.Accuracy);
        json.WriteNumber("macro_f1", report.MacroF1);
        json.WriteStartArray("classes");
        for (var label = 0; label < report.Classes.Count; label++)
        {
            var score = report.Classes[label];
            json.WriteStartObject();
            json.WriteString("name", score.Name);
            json.WriteNumber("precision", score.Precision);
            json.WriteNumber("recall", score.Recall);
            json.WriteNumber("f1", score.F1);
            json.WriteNumber("examples", score.Labelled);
            json.WriteStartArray("predicted_as");
            for (var prediction = 0; prediction < report.Classes.Count; prediction++)
                json.WriteNumberValue(report.Confusion(label, prediction));
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });
}
