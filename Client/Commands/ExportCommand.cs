using System.CommandLine;
using Client.Output;
using Client.Output.Exports;
using Client.Sources;
using Client.Views;
using Sweeps.Core;

namespace Client.Commands;

/// <summary><c>sweep export</c></summary>
public sealed class ExportCommand : ReadingCommand
{
    private readonly Argument<string?> sweep = CommonArguments.Sweep();
    private readonly Option<FileInfo?> runs = new("--runs") { Description = "Write all runs here: .csv, .parquet, .sqlite, or .json with their curves.", HelpName = "file" };
    private readonly Option<FileInfo?> epochs = new("--epochs") { Description = "Write all metrics of all epochs here: .csv, .parquet, .sqlite or .json. A .sqlite may be that of --runs.", HelpName = "file" };
    private readonly Option<FileInfo?> weights = new("--weights") { Description = "Write a run's model, the weights of its best epoch, here: .safetensors or .npz.", HelpName = "file" };
    private readonly Option<int?> run = new("--run", "-r") { Description = "Whose model. Default: the best run's.", HelpName = "number" };

    public ExportCommand() : base("export", "Write a sweep's runs, all its epochs, or a run's trained model, to a file for other programs.")
    {
        Arguments.Add(sweep);
        foreach (var option in (Option[])[runs, epochs, weights, run])
            Options.Add(option);
    }

    /// <inheritdoc/>
    protected override async Task ShowAsync(ParseResult parse, CommandContext context, ISweepSource source, CancellationToken cancel)
    {
        var (table, model) = (parse.GetValue(runs), parse.GetValue(weights));
        var curves = parse.GetValue(epochs);
        if (table is null && curves is null && model is null)
            throw new UsageException("Say what to write: --runs runs.csv, --epochs epochs.csv or --weights best.safetensors, or several.");
        if (model is null && parse.GetValue(run) is not null)
            throw new UsageException("--run says which model to write: add --weights FILE, or leave it out.");
        foreach (var (option, file) in (ReadOnlySpan<(Option, FileInfo?)>)[(runs, table), (epochs, curves)])
            if (file is not null && !TableFile.Extensions.Append(".json").Contains(file.Extension.ToLowerInvariant()))
                throw new UsageException($"{option.Name} {file}: expected a file that ends with {string.Join(", ", TableFile.Extensions)} or .json.");
        if (table is not null && curves?.FullName == table.FullName && table.Extension.ToLowerInvariant() is not (".sqlite" or ".db"))
            throw new UsageException($"{table}: --runs and --epochs are two tables; only a .sqlite file holds both.");
        var (history, log) = await source.LogAsync(await source.ResolveAsync(parse.GetValue(sweep), cancel), cancel);
        var messages = new List<string>();
        var all = new RecordedEpochs(log);
        if (table is not null && curves?.FullName == table.FullName)
            TableFile.WriteSqlite(table, [ExportTable.Runs(history), ExportTable.Epochs(history, all)]);
        else
        {
            if (table is not null)
                Write(table, () => ExportTable.Runs(history), () => SweepJson.Runs(history, history.State.Runs));
            if (curves is not null)
                Write(curves, () => ExportTable.Epochs(history, all), () => SweepJson.Epochs(history, all));
        }
        if (table is not null)
            messages.Add($"Wrote {Format.Count(history.State.Runs.Count, "run")} to {table}.");
        if (curves is not null)
            messages.Add($"Wrote {Format.Count(history.State.EpochsRecorded, "epoch")} to {curves}.");
        if (model is not null)
        {
            var whose = parse.GetValue(run) is { } number ? history.Run(number)
                : history.State.Best ?? throw new UsageException($"Sweep {history.Sweep} has no best run yet.");
            var epoch = await ModelExport.SaveAsync(source, history, whose, model.FullName, cancel);
            messages.Add($"Wrote the model of run {whose.Number} after epoch {epoch}{(epoch == whose.BestEpoch ? ", its best," : "")} to {model}.{(history.Spec.Trainable is TrainableSpec.Network ? $" Use it with: ./sweep predict {model} FILE" : "")}");
        }
        context.Terminal.Answer(string.Join(Environment.NewLine, messages), json =>
        {
            json.WriteString("sweep", history.Sweep);
            json.WriteString("runs", table?.FullName);
            json.WriteString("epochs", curves?.FullName);
            json.WriteString("weights", model?.FullName);
        });
    }

    private static void Write(FileInfo file, Func<ExportTable> table, Func<string> json)
    {
        if (file.Extension.Equals(".json", StringComparison.OrdinalIgnoreCase))
            OutputFile.Write(file.FullName, stream =>
            {
                using var writer = new StreamWriter(stream, leaveOpen: true);
                writer.WriteLine(json());
            });
        else
            TableFile.Write(file, table());
    }
}
