using System.CommandLine;
using Client.Exporting;
using Client.Rendering;
using Client.Sources;

namespace Client.Commands;

/// <summary><c>sweep export</c></summary>
public sealed class ExportCommand : SweepCommand
{
    private readonly Argument<string?> sweep = CommonArguments.Sweep();
    private readonly Option<FileInfo?> runs = new("--runs")
    {
        Description = "Write all runs here: a table (.csv) or objects with their curves (.json).",
        HelpName = "file",
    };

    /// <summary>Builds the command.</summary>
    public ExportCommand() : base("export", "Write a sweep's runs to a file for other programs.")
    {
        Arguments.Add(sweep);
        Options.Add(runs);
    }

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parse, Session session, CancellationToken cancel)
    {
        var file = parse.GetValue(runs) ?? throw new UsageException("Say what to write: --runs runs.csv");
        if (file.Extension is not (".csv" or ".json"))
            throw new UsageException($"{file}: runs are written as .csv or .json.");
        await using var source = session.OpenSource();
        var history = await source.FoldAsync(await source.ResolveAsync(parse.GetValue(sweep), cancel), cancel);
        NewFile.Write(file.FullName, stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true);
            if (file.Extension == ".csv")
                RunsCsv.Write(writer, history);
            else
                writer.WriteLine(SweepJson.Runs(history, history.State.Runs));
        });
        session.Terminal.Say($"Wrote {history.State.Runs.Count:N0} runs to {file}.");
        return ExitCode.Done;
    }
}
