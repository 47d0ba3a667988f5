using System.CommandLine;
using Client.Output;
using Client.Sources;
using Client.Views;
using Engine;
using Sweeps.Analysis;
using Sweeps.Core;
using Sweeps.Files;

namespace Client.Commands;

/// <summary><c>sweep importance</c></summary>
public sealed class ImportanceCommand : ReadingCommand
{
    private readonly Argument<string?> sweep = CommonArguments.Sweep();
    private readonly Option<string?> metric = new("--metric")
    {
        Description = $"Another recorded metric, or '{ParameterAnalysis.Seconds}' for the time of an epoch. Default: the objective.",
        HelpName = "name",
    };
    private readonly Option<int?> epoch = new("--epoch")
    {
        Description = "Compare the values of this epoch. Default: the highest rung that enough runs reached; without rungs, the last before which no run was stopped.",
        HelpName = "number",
    };

    public ImportanceCommand() : base("importance", "Which hyperparameters mattered, by fANOVA and PED-ANOVA, and in which direction.")
    {
        Arguments.Add(sweep);
        Options.Add(metric);
        Options.Add(epoch);
    }

    /// <inheritdoc/>
    protected override async Task ShowAsync(ParseResult parse, CommandContext context, ISweepSource source, CancellationToken cancel)
    {
        var (history, log) = await source.LogAsync(await source.ResolveAsync(parse.GetValue(sweep), cancel), cancel);
        var (named, at) = (parse.GetValue(metric), parse.GetValue(epoch));
        if (named is not null && SweepAnalysis.Metrics(log) is var recorded && !recorded.Contains(named))
            throw new UsageException($"--metric {named}: sweep {history.Sweep} has not recorded it. {DidYouMean.Hint(named, recorded)}");
        if (at is < 1)
            throw new UsageException($"--epoch {at}: epochs count from 1.");
        var analysis = SweepAnalysis.Of(history, log, named, at) ?? throw new UsageException(at is null
            ? $"Sweep {history.Sweep} has too few runs to compare: at least two must have reached the same epoch."
            : $"--epoch {at}: fewer than two runs of sweep {history.Sweep} have a value there.");
        if (context.Terminal.Json)
            context.Terminal.WriteData(Write(history, analysis));
        else
            context.Terminal.Out.Write(ImportanceTable.Build(history, analysis, Math.Min(120, context.Terminal.Width)));
    }

    private static string Write(SweepHistory history, SweepAnalysis analysis) => SweepJson.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("sweep", history.Sweep);
        json.WriteString("metric", analysis.Parameters.Metric);
        json.WriteNumber("epoch", analysis.Parameters.Epoch);
        json.WriteNumber("runs", analysis.Parameters.Compared);
        json.WriteNumber("stopped_before", analysis.Parameters.Stopped);
        json.WriteNumber("enough_runs", analysis.Parameters.RecommendedRuns);
        json.WriteStartArray("parameters");
        foreach (var row in analysis.Rows)
        {
            json.WriteStartObject();
            json.WriteString("parameter", row.Parameter);
            SweepJson.WriteNumber(json, "fanova", row.Fanova);
            SweepJson.WriteNumber(json, "ped_anova", row.PedAnova);
            json.WriteStartArray("correlations");
            foreach (var one in row.Correlations)
            {
                json.WriteStartObject();
                json.WriteString("category", one.Category);
                SweepJson.WriteNumber(json, "pearson", one.Pearson);
                SweepJson.WriteNumber(json, "spearman", one.Spearman);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("best_so_far");
        foreach (var best in analysis.Improvements)
        {
            json.WriteStartObject();
            json.WriteNumber("epochs", best.Epochs);
            SweepJson.WriteNumber(json, "seconds", best.Time.TotalSeconds);
            json.WriteNumber("run", best.Run);
            SweepJson.WriteNumber(json, "value", history.Spec.Objective.Orient(best.Value));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("pareto");
        foreach (var run in analysis.Front)
        {
            json.WriteStartObject();
            json.WriteNumber("run", run.Run);
            SweepJson.WriteNumber(json, "value", history.Spec.Objective.Orient(run.Value));
            SweepJson.WriteNumber(json, "seconds", run.Seconds);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });
}
