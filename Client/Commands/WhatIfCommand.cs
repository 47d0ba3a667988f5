using System.CommandLine;
using System.Globalization;
using Client.Local;
using Client.Output;
using Client.Sources;
using Client.Views;
using Spectre.Console;
using Sweeps.Core;
using Sweeps.Simulation;

namespace Client.Commands;

/// <summary><c>sweep whatif</c></summary>
public sealed class WhatIfCommand : ReadingCommand
{
    private readonly Argument<string?> sweep = CommonArguments.Sweep();
    private readonly Option<string?> rule = new("--early-terminate")
    {
        Description = "Another rule: its name, or as in a sweep file: {type: asha_stopping, eta: 4}.",
        HelpName = "rule",
    };
    private readonly Option<int?> eta = new("--eta") { Description = "Another η.", HelpName = "number" };
    private readonly Option<long?> budget = new("--budget-epochs") { Description = "At most so many epochs of all runs.", HelpName = "epochs" };
    private readonly Option<int> slots = new("--slots") { Description = "How many runs train at a time. Default: 1.", HelpName = "number", DefaultValueFactory = _ => 1 };

    public WhatIfCommand() : base("whatif", "Replay a finished sweep under another scheduler, η or budget: epochs, winner, regret. Trains nothing.")
    {
        Arguments.Add(sweep);
        foreach (var option in (Option[])[rule, eta, budget, slots])
            Options.Add(option);
    }

    /// <inheritdoc/>
    protected override async Task ShowAsync(ParseResult parse, CommandContext context, ISweepSource source, CancellationToken cancel)
    {
        var (history, log) = await source.LogAsync(await source.ResolveAsync(parse.GetValue(sweep), cancel), cancel);
        if (history.State.Best is null)
            throw new UsageException($"Sweep {history.Sweep} has no recorded epoch to replay.");
        var count = parse.GetValue(slots);
        if (count is < 1 or > SimulateCommand.MaxSlots)
            throw new UsageException($"--slots {count}: expected 1 … {SimulateCommand.MaxSlots}.");
        var spec = Changed(parse, history);
        var result = WhatIf.Replay(log, SweepSources.ReadSpec, _ => spec, count);
        if (spec.Rules.Count == 0 && result.Missing.Count > 0)
            throw new UsageException(
                $"Without early stopping the sweep cannot be replayed: {result.Missing.Count:N0} of its {history.State.Runs.Count:N0} runs were stopped early, and the log does not "
                + "tell how they would have gone on. Replay a rule that stops more, or finish some of them: ./sweep audit");
        if (context.Terminal.Json)
            context.Terminal.WriteData(Write(history.Sweep, result));
        else
            context.Terminal.Out.Write(WhatIfText.Build(history, spec, result, Math.Min(120, context.Terminal.Width)));
    }

    /// <summary>The sweep file with the changes of the options. Throws <see cref="UsageException"/> that names the options.</summary>
    private SweepSpec Changed(ParseResult parse, SweepHistory history)
    {
        var changes = Changes(parse, history.Spec);
        try
        {
            return SweepFileEdit.Apply(history.State.SpecText, "sweep.yaml", changes, elsewhere: true).File.Spec;
        }
        catch (UsageException mistake)
        {
            var given = ((Option[])[rule, eta, budget]).Where(option => GlobalOptions.Given(parse, option)).Select(option => option.Name);
            throw new UsageException($"{string.Join(", ", given)}: {mistake.Message}", mistake);
        }
    }

    private List<(string, string)> Changes(ParseResult parse, SweepSpec spec)
    {
        var changes = new List<(string, string)>();
        if (parse.GetValue(rule) is { Length: > 0 } text)
            changes.Add(SweepFileEdit.ReplaceRules(spec, text));
        if (parse.GetValue(eta) is { } given && spec.Rules.Count == 0 && changes.Count == 0)
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--eta {given}: the sweep stops no run early. Give the whole rule: --early-terminate '{{type: asha, eta: {given}}}'"));
        if (parse.GetValue(eta) is { } number)
            changes.Add(("early_terminate.eta", number.ToString(CultureInfo.InvariantCulture)));
        if (parse.GetValue(budget) is { } epochs)
            changes.Add(("budget", $"{{epochs: {epochs.ToString(CultureInfo.InvariantCulture)}}}"));
        return changes.Count > 0 ? changes : throw new UsageException("Say what should be different: --early-terminate, --eta or --budget-epochs.");
    }

    private static string Write(string sweep, WhatIfResult result) => SweepJson.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("sweep", sweep);
        json.WriteNumber("runs", result.Runs);
        json.WriteNumber("epochs", result.Epochs);
        json.WriteNumber("recorded_epochs", result.RecordedEpochs);
        SweepJson.WriteNumber(json, "winner", result.Winner);
        SweepJson.WriteNumber(json, "best", result.Best);
        SweepJson.WriteNumber(json, "recorded_winner", result.RecordedWinner);
        SweepJson.WriteNumber(json, "recorded_best", result.RecordedBest);
        SweepJson.WriteNumber(json, "regret", result.Regret);
        json.WriteNumber("runs_with_missing_epochs", result.Missing.Count);
        json.WriteString("knowledge", result.Knowledge.ToString().ToLowerInvariant());
        json.WriteEndObject();
    });
}
