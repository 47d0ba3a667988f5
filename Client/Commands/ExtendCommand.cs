using System.CommandLine;
using System.Globalization;
using Client.Local;
using Client.Views;
using Sweeps.Core;
using Sweeps.Files;

namespace Client.Commands;

/// <summary><c>sweep extend</c></summary>
public sealed class ExtendCommand : SteerCommand
{
    private readonly Option<int?> runCap = new("--run-cap") { Description = "At most so many runs.", HelpName = "runs" };
    private readonly Option<int?> maxIter = new("--max-iter") { Description = "The last epoch of a run under early termination (R).", HelpName = "epochs" };
    private readonly Option<int?> eta = new("--eta") { Description = "One of so many goes on at each rung.", HelpName = "number" };
    private readonly Option<int?> epochs = new("--epochs") { Description = "The epochs of a run.", HelpName = "epochs" };
    private readonly Option<long?> budget = new("--budget-epochs") { Description = "Epochs of all runs together.", HelpName = "epochs" };
    private readonly Option<FileInfo?> file = new("--file") { Description = "A whole sweep file instead of single keys.", HelpName = "file" };

    public ExtendCommand() : base("extend", "Change a sweep's file. A finished sweep with more to do continues: its best runs from their checkpoints.")
    {
        foreach (var option in (Option[])[runCap, maxIter, eta, epochs, budget, file])
            Options.Add(option);
    }

    /// <inheritdoc/>
    protected override SteerAction Read(ParseResult parse, SweepHistory history)
    {
        // The program of a sweep that has run already may be on the nodes of its cluster only.
        var stored = parse.GetValue(file) is null;
        var text = parse.GetValue(file) is { } whole ? SweepFiles.Read(whole).Text : SweepFileEdit.Set(history.State.SpecText, Changes(parse));
        // Keeps the format, so that the parameters of later runs have the same semantics as those of earlier ones.
        if (history.Spec.Trainable is TrainableSpec.Network { Format: var format })
            text = SweepFileEdit.Set(text, [("format", format.ToString(CultureInfo.InvariantCulture))]);
        try
        {
            return new SteerAction.Change(SweepFileEdit.ForLog(text, (SweepFile.Parse(text, $"{history.Spec.Name}.yaml") with { Elsewhere = stored }).Verify()));
        }
        catch (SweepFileException mistake)
        {
            throw new UsageException($"The changed sweep file would be wrong:{Environment.NewLine}{mistake.Message}", mistake);
        }
    }

    private List<(string, string)> Changes(ParseResult parse)
    {
        (string Key, long? Value)[] all =
        [
            ("run_cap", parse.GetValue(runCap)), ("early_terminate.max_iter", parse.GetValue(maxIter)), ("early_terminate.eta", parse.GetValue(eta)),
            ("epochs", parse.GetValue(epochs)), ("budget.epochs", parse.GetValue(budget)),
        ];
        var changes = all.Where(change => change.Value is not null)
            .Select(change => (change.Key, change.Value!.Value.ToString(CultureInfo.InvariantCulture))).ToList();
        return changes.Count > 0 ? changes : throw new UsageException(
            "Say what should change: --run-cap, --max-iter, --eta, --epochs, --budget-epochs, or a whole file with --file.");
    }
}
