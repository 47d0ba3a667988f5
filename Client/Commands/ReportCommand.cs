using System.CommandLine;
using Client.Output;
using Client.Sources;
using Sweeps.Page;

namespace Client.Commands;

/// <summary><c>sweep report</c></summary>
public sealed class ReportCommand : SweepCommand
{
    private readonly Argument<string?> sweep = CommonArguments.Sweep();
    private readonly Option<FileInfo> file = new("--file", "-o") { Description = "The HTML file to write.", HelpName = "file.html", Required = true };
    private readonly Option<string?> beside = new("--beside") { Description = "Another sweep, which the page shows beside it.", HelpName = "sweep" };

    public ReportCommand() : base("report", "Write the page of a sweep as one HTML file that needs no server and no network.")
    {
        Arguments.Add(sweep);
        Options.Add(file);
        Options.Add(beside);
    }

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel)
    {
        var target = parse.GetValue(file)!;
        await using var source = context.OpenSource();
        var id = await source.ResolveAsync(parse.GetValue(sweep), cancel);
        string[] ids = parse.GetValue(beside) is { } other ? [id, await source.ResolveAsync(other, cancel)] : [id];
        var logs = new List<IReadOnlyList<Sweeps.Core.LoggedEvent>>();
        foreach (var one in ids)
            logs.Add((await source.LogAsync(one, cancel)).Log);
        var document = SweepReport.Build([.. logs]);
        OutputFile.Write(target.FullName, stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true);
            writer.Write(document);
        });
        context.Terminal.Answer(
            $"Wrote the page of {string.Join(" and ", ids)} to {target} ({document.Length / 1024.0:N0} KB). Open it in a browser; it needs no network.",
            json =>
            {
                json.WriteString("sweep", id);
                json.WriteString("file", target.FullName);
                json.WriteNumber("bytes", document.Length);
            });
        return ExitCode.Done;
    }
}
