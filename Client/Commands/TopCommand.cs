using System.CommandLine;
using Client.Output;
using Client.Sources;

namespace Client.Commands;

/// <summary><c>sweep top</c></summary>
public sealed class TopCommand : ReadingCommand
{
    private readonly Argument<string?> sweep = CommonArguments.Sweep();
    private readonly Option<int> count = new("--count", "-n") { Description = "How many runs. Default: 20.", HelpName = "number", DefaultValueFactory = _ => 20 };

    public TopCommand() : base("top", "The best runs of a sweep, best first.")
    {
        Arguments.Add(sweep);
        Options.Add(count);
    }

    /// <inheritdoc/>
    protected override async Task ShowAsync(ParseResult parse, CommandContext context, ISweepSource source, CancellationToken cancel)
    {
        var wanted = parse.GetValue(count);
        if (wanted < 1)
            throw new UsageException($"--count {wanted}: ask for at least one run.");
        var history = await source.FoldAsync(await source.ResolveAsync(parse.GetValue(sweep), cancel), cancel);

        var runs = history.State.Leaderboard(wanted).ToList();
        if (context.Terminal.Json)
            context.Terminal.WriteData(SweepJson.Runs(history, runs));
        else
            context.Terminal.Out.Write(RunTable.Build([.. runs.Select(history.ViewOf)], history.Spec.Objective.Name, Math.Min(120, context.Terminal.Width), history.State.Best?.Number));
    }
}
