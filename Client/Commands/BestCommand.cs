using System.CommandLine;
using Client.Output;
using Client.Sources;

namespace Client.Commands;

/// <summary><c>sweep best</c></summary>
public sealed class BestCommand : ReadingCommand
{
    private readonly Argument<string?> sweep = CommonArguments.Sweep();

    public BestCommand() : base("best", "The best run of a sweep: its configuration, its metrics, and commands for details.") => Arguments.Add(sweep);

    /// <inheritdoc/>
    protected override async Task ShowAsync(ParseResult parse, CommandContext context, ISweepSource source, CancellationToken cancel)
    {
        var history = await source.FoldAsync(await source.ResolveAsync(parse.GetValue(sweep), cancel), cancel);
        if (context.Terminal.Json)
            context.Terminal.WriteData(SweepJson.Summary(history));
        else
            context.Terminal.Out.Write(SweepSummary.Build(history, context.Terminal.Width));
    }
}
