using System.CommandLine;
using Client.Output;
using Client.Sources;
using Client.Views;
using Spectre.Console;
using Sweeps.Core;

namespace Client.Commands;

/// <summary><c>sweep curves</c></summary>
public sealed class CurvesCommand : ReadingCommand
{
    private const int MaxCurves = 20;

    private readonly Argument<string?> sweep = CommonArguments.Sweep();
    private readonly Option<int> count = new("--count", "-n") { Description = $"How many of the best runs, at most {MaxCurves}. Default: 5.", HelpName = "number", DefaultValueFactory = _ => 5 };
    private readonly Option<int[]> runs = new("--run", "-r") { Description = "These runs instead of the best.", HelpName = "number", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> metric = CommonArguments.Metric("The metric that is drawn. Default: the objective.");

    public CurvesCommand() : base("curves", "The learning curves of the best runs, or of some, in one chart.")
    {
        Arguments.Add(sweep);
        foreach (var option in (Option[])[count, runs, metric])
            Options.Add(option);
    }

    /// <inheritdoc/>
    protected override async Task ShowAsync(ParseResult parse, CommandContext context, ISweepSource source, CancellationToken cancel)
    {
        var (number, named) = (parse.GetValue(count), parse.GetValue(runs) ?? []);
        if (named.Length > 0 && GlobalOptions.Given(parse, count))
            throw new UsageException("--run names the curves, so --count has no effect. Leave one of them out.");
        if (number is < 1 or > MaxCurves || named.Length > MaxCurves)
            throw new UsageException($"{(named.Length > MaxCurves ? $"--run: {named.Length} runs" : $"--count {number}")}: a chart has 1 … {MaxCurves} curves.");
        var (history, log) = await source.LogAsync(await source.ResolveAsync(parse.GetValue(sweep), cancel), cancel);
        var epochs = new RecordedEpochs(log);
        var name = parse.GetValue(metric) is { } other ? epochs.Find(other) : history.Spec.Objective.Name;
        List<SweepRun> chosen = [.. named.Length > 0 ? named.Distinct().Select(history.Run) : history.State.Leaderboard(number)];
        if (context.Terminal.Json)
            context.Terminal.WriteData(Write(name, chosen, epochs));
        else if (chosen.TrueForAll(run => run.Epoch == 0))
            context.Terminal.Say("  No epoch has been recorded yet.");
        else
            Draw(context.Terminal, history, chosen, epochs, name);
    }

    private static void Draw(Terminal terminal, SweepHistory history, List<SweepRun> runs, RecordedEpochs epochs, string metric)
    {
        var width = terminal.Width;
        var curves = runs.Select((run, i) => new ChartCurve($"run {run.Number}", epochs.Curve(run.Number, metric), Palette.Curve(i), (char)('a' + i))).ToList();
        terminal.Out.Write(new Text(Format.Fit($"  {metric} of {history.Sweep}", width) + "\n", Palette.Dim));
        terminal.Out.Write(new Rows(LineChart.Build(curves, width, terminal.Height is > 24 ? 20 : 14, legend: false)));
        terminal.Out.WriteLine();
        var parameters = ParameterOrder.Of(history, width);
        foreach (var (i, run) in runs.Index())
            terminal.Out.Write(new Paragraph()
                .Append($"  {(char)('a' + i)}  ", Palette.Curve(i))
                .Append(Format.Fit($"run {run.Number}, {Format.State(history.StateOf(run))}, {AtBest(run)}: {Format.Varying(run.Configuration, parameters)}", width - 5) + "\n"));

        // The epoch is that of the best objective, also for another metric, of which it is not known whether more or less is better.
        string AtBest(SweepRun run) => run.BestEpoch == 0 ? "no finite value yet"
            : $"{metric} {Format.Metric(epochs.Curve(run.Number, metric)[run.BestEpoch - 1])} at epoch {run.BestEpoch}, its best";
    }

    private static string Write(string metric, IEnumerable<SweepRun> runs, RecordedEpochs epochs) => SweepJson.Write(json =>
    {
        json.WriteStartArray();
        foreach (var run in runs)
        {
            json.WriteStartObject();
            json.WriteNumber("run", run.Number);
            json.WriteString("metric", metric);
            json.WriteStartArray("values");
            foreach (var value in epochs.Curve(run.Number, metric))
                SweepJson.WriteNumber(json, value);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });
}
