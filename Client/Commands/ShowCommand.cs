using System.CommandLine;
using Client.Rendering;
using Client.Sources;

namespace Client.Commands;

/// <summary><c>sweep show</c></summary>
public sealed class ShowCommand : SweepCommand
{
    private readonly Argument<string?> sweep = CommonArguments.Sweep();
    private readonly Option<int?> run = new("--run", "-r") { Description = "Show this run: its configuration, curve and reasons.", HelpName = "number" };

    /// <summary>Builds the command.</summary>
    public ShowCommand() : base("show", "A sweep: what it searches, how it stands, its runs; or one run of it.")
    {
        Arguments.Add(sweep);
        Options.Add(run);
    }

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parse, Session session, CancellationToken cancel)
    {
        await using var source = session.OpenSource();
        var history = await source.FoldAsync(await source.ResolveAsync(parse.GetValue(sweep), cancel), cancel);
        var terminal = session.Terminal;

        if (parse.GetValue(run) is { } number)
        {
            var one = history.Run(number);
            if (terminal.Json)
                terminal.WriteData(SweepJson.Run(history, one));
            else
                terminal.Out.Write(RunDetails.Build(history, one, terminal.Width));
        }
        else if (terminal.Json)
        {
            terminal.WriteData(SweepJson.Summary(history));
        }
        else
        {
            terminal.Out.Write(SweepDetails.Build(history, terminal.Width));
        }
        return ExitCode.Done;
    }
}
