using System.CommandLine;
using Client.Local;
using Client.Output;
using Client.Sources;
using Engine;
using Engine.Data;
using Engine.Training;
using Sweeps.Analysis;
using Sweeps.Core;

namespace Client.Commands;

/// <summary><c>sweep confusion</c></summary>
public sealed class ConfusionCommand : ReadingCommand
{
    private readonly Argument<string?> sweep = CommonArguments.Sweep();
    private readonly Option<int?> number = new("--run", "-r") { Description = "A run by number. Default: the best run.", HelpName = "number" };
    private readonly Option<string?> data = CommonArguments.Data();

    public ConfusionCommand() : base("confusion", "The confusion matrix of a run on the test part, with the weights of its best epoch, and the scores of each class.")
    {
        Arguments.Add(sweep);
        Options.Add(number);
        Options.Add(data);
    }

    /// <inheritdoc/>
    protected override async Task ShowAsync(ParseResult parse, CommandContext context, ISweepSource source, CancellationToken cancel)
    {
        var history = await source.FoldAsync(await source.ResolveAsync(parse.GetValue(sweep), cancel), cancel);
        var run = parse.GetValue(number) is { } named ? history.Run(named)
            : history.State.Best ?? throw new UsageException($"No run of {history.Sweep} has reported a finite {history.Spec.Objective.Name} yet.");
        if (history.Spec.Trainable is not TrainableSpec.Network { Dataset: var dataset })
            throw new UsageException($"Sweep {history.Sweep} trains no network of this product, so there is no confusion matrix.");
        var weights = await ModelExport.WeightsAsync(source, history, run, cancel);
        try
        {
            var inspection = ModelInspection.Of(weights.Data.ToArray(), Trainables.Load(context, dataset, parse.GetValue(data), cancel));
            if (context.Terminal.Json)
                context.Terminal.WriteData(SweepJson.Write(json =>
                {
                    json.WriteStartObject();
                    json.WriteString("sweep", history.Sweep);
                    json.WriteNumber("run", run.Number);
                    json.WriteNumber("epoch", weights.Epoch);
                    json.WriteString("part", inspection.Part);
                    EvaluationJson.WriteScores(json, inspection.Evaluation);
                    json.WriteEndObject();
                }));
            else
            {
                context.Terminal.Say($"Run {run.Number} of {history.Sweep}, weights of epoch {weights.Epoch}, on the {inspection.Part} part of the data:");
                context.Terminal.WriteData(ReportText.Render(inspection.Evaluation).TrimEnd());
            }
        }
        catch (Exception problem) when (problem is DataFileException or EngineException)
        {
            throw new UsageException(problem.Message, problem);
        }
    }
}
