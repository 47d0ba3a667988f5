using System.CommandLine;
using Client.Output;
using Client.Sources;

namespace Client.Commands;

/// <summary><c>sweep best</c></summary>
public sealed class BestCommand : SweepCommand
{
    private readonly Argument<string?> sweep = CommonArguments.Sweep();

    public BestCommand() : base("best", "The best run of a sweep: its configuration, its metrics, where to look closer.") => Arguments.Add(sweep);

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel)
    {
        await using var source = context.OpenSource();
        var history = await source.FoldAsync(await source.ResolveAsync(parse.GetValue(sweep), cancel), cancel);
        if (context.Terminal.Json)
            context.Terminal.WriteData(SweepJson.Summary(history));
        else
            context.Terminal.Out.Write(SweepSummary.Build(history, context.Terminal.Width));
        return ExitCode.Done;
    }
}
