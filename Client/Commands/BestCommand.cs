using System.CommandLine;
using Client.Rendering;
using Client.Sources;

namespace Client.Commands;

/// <summary><c>sweep best</c></summary>
public sealed class BestCommand : SweepCommand
{
    private readonly Argument<string?> sweep = CommonArguments.Sweep();

    /// <summary>Builds the command.</summary>
    public BestCommand() : base("best", "The best run of a sweep: its configuration, its metrics, where to look closer.") => Arguments.Add(sweep);

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parse, Session session, CancellationToken cancel)
    {
        await using var source = session.OpenSource();
        var history = await source.FoldAsync(await source.ResolveAsync(parse.GetValue(sweep), cancel), cancel);
        if (session.Terminal.Json)
            session.Terminal.WriteData(SweepJson.Summary(history));
        else
            session.Terminal.Out.Write(Outcome.Build(history, session.Terminal.Width));
        return ExitCode.Done;
    }
}
