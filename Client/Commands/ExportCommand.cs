using System.CommandLine;
using Client.Output;
using Client.Sources;
using Client.Views;

namespace Client.Commands;

/// <summary><c>sweep export</c></summary>
public sealed class ExportCommand : ReadingCommand
{
    private readonly Argument<string?> sweep = CommonArguments.Sweep();
    private readonly Option<FileInfo?> runs = new("--runs") { Description = "Write all runs here: a table (.csv), or objects with their curves (.json).", HelpName = "file" };
    private readonly Option<FileInfo?> weights = new("--weights") { Description = "Write a run's model, the weights of its best epoch, here: .safetensors or .npz.", HelpName = "file" };
    private readonly Option<int?> run = new("--run", "-r") { Description = "Whose model. Default: the best run's.", HelpName = "number" };

    public ExportCommand() : base("export", "Write a sweep's runs, or a run's trained model, to a file for other programs.")
    {
        Arguments.Add(sweep);
        foreach (var option in (Option[])[runs, weights, run])
            Options.Add(option);
    }

    /// <inheritdoc/>
    protected override async Task ShowAsync(ParseResult parse, CommandContext context, ISweepSource source, CancellationToken cancel)
    {
        var (table, model) = (parse.GetValue(runs), parse.GetValue(weights));
        if (table is null && model is null)
            throw new UsageException("Say what to write: --runs runs.csv, --weights best.safetensors, or both.");
        if (model is null && parse.GetValue(run) is not null)
            throw new UsageException("--run says which model to write: add --weights FILE, or leave it out.");
        if (table is { Extension: not (".csv" or ".json") })
            throw new UsageException($"{table}: runs are written as .csv or .json.");
        var history = await source.FoldAsync(await source.ResolveAsync(parse.GetValue(sweep), cancel), cancel);
        var said = new List<string>();
        if (table is not null)
        {
            OutputFile.Write(table.FullName, stream => Write(stream, table.Extension, history));
            said.Add($"Wrote {history.State.Runs.Count:N0} runs to {table}.");
        }
        if (model is not null)
        {
            var whose = parse.GetValue(run) is { } number ? history.Run(number)
                : history.State.Best ?? throw new UsageException($"Sweep {history.Sweep} has no best run yet.");
            var epoch = await ModelExport.SaveAsync(source, history, whose, model.FullName, cancel);
            said.Add($"Wrote the model of run {whose.Number} after epoch {epoch}{(epoch == whose.BestEpoch ? ", its best," : "")} to {model}. Use it with: ./sweep predict {model} FILE");
        }
        context.Terminal.Answer(string.Join(Environment.NewLine, said), json =>
        {
            json.WriteString("sweep", history.Sweep);
            json.WriteString("runs", table?.FullName);
            json.WriteString("weights", model?.FullName);
        });
    }

    private static void Write(Stream stream, string extension, SweepHistory history)
    {
        using var writer = new StreamWriter(stream, leaveOpen: true);
        if (extension == ".csv")
            RunsCsv.Write(writer, history);
        else
            writer.WriteLine(SweepJson.Runs(history, history.State.Runs));
    }
}
