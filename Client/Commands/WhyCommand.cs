using System.CommandLine;
using Client.Output;
using Client.Sources;
using Sweeps.Core;

namespace Client.Commands;

/// <summary><c>sweep why</c></summary>
public sealed class WhyCommand : ReadingCommand
{
    private readonly Argument<int> run = CommonArguments.Run();
    private readonly Argument<string?> sweep = CommonArguments.Sweep();

    public WhyCommand() : base("why", "Each decision about a run, with its numbers and the value that it would have needed to continue.")
    {
        Arguments.Add(run);
        Arguments.Add(sweep);
    }

    /// <inheritdoc/>
    protected override async Task ShowAsync(ParseResult parse, CommandContext context, ISweepSource source, CancellationToken cancel)
    {
        var (history, log) = await source.LogAsync(await source.ResolveAsync(parse.GetValue(sweep), cancel), cancel);
        var one = history.Run(parse.GetValue(run));
        var decisions = Why.Explain(log, one.Number, SweepSources.ReadSpec);
        if (context.Terminal.Json)
            context.Terminal.WriteData(Write(history.Sweep, one.Number, decisions));
        else
            context.Terminal.Out.Write(WhyText.Build(history, one, decisions, Math.Min(120, context.Terminal.Width)));
    }

    private static string Write(string sweep, int run, IReadOnlyList<Decision> decisions) => SweepJson.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("sweep", sweep);
        json.WriteNumber("run", run);
        json.WriteStartArray("decisions");
        foreach (var decision in decisions)
        {
            json.WriteStartObject();
            json.WriteNumber("seq", decision.Seq);
            json.WriteString("at", decision.At.UtcDateTime);
            json.WriteNumber("epoch", decision.Epoch);
            json.WriteString("text", decision.Text);
            json.WriteString("to_go_on", decision.ToGoOn);
            if (decision.Reason is { } reason)
            {
                json.WriteString("rule", reason.Rule);
                SweepJson.WriteNumber(json, "rung", reason.Rung);
                SweepJson.WriteNumber(json, "rank", reason.Rank);
                SweepJson.WriteNumber(json, "count", reason.Count);
                SweepJson.WriteNumber(json, "value", reason.Value);
                SweepJson.WriteNumber(json, "cutoff", reason.Cutoff);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });
}
