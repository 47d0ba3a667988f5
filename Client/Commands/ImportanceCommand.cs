using System.CommandLine;
using Client.Output;
using Client.Sources;
using Client.Views;
using Sweeps.Core;

namespace Client.Commands;

/// <summary><c>sweep importance</c></summary>
public sealed class ImportanceCommand : ReadingCommand
{
    private readonly Argument<string?> sweep = CommonArguments.Sweep();

    public ImportanceCommand() : base("importance", "Which hyperparameters mattered, by fANOVA and PED-ANOVA, and in which direction.") => Arguments.Add(sweep);

    /// <inheritdoc/>
    protected override async Task ShowAsync(ParseResult parse, CommandContext context, ISweepSource source, CancellationToken cancel)
    {
        var (history, log) = await source.LogAsync(await source.ResolveAsync(parse.GetValue(sweep), cancel), cancel);
        var analysis = SweepAnalysis.Of(history, log)
            ?? throw new UsageException($"Sweep {history.Sweep} has too few runs to compare: at least two must have reached its first rung.");
        if (context.Terminal.Json)
            context.Terminal.WriteData(Write(history, analysis));
        else
            context.Terminal.Out.Write(ImportanceTable.Build(history, analysis, Math.Min(120, context.Terminal.Width)));
    }

    private static string Write(SweepHistory history, SweepAnalysis analysis) => SweepJson.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("sweep", history.Sweep);
        json.WriteString("metric", history.Spec.Objective.Name);
        json.WriteNumber("epoch", analysis.Epoch);
        json.WriteNumber("runs", analysis.Compared);
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
