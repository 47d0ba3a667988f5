using System.CommandLine;
using Client.Output;
using Client.Sources;
using Client.Views;
using Sweeps.Core;

namespace Client.Commands;

/// <summary><c>sweep show</c></summary>
public sealed class ShowCommand : ReadingCommand
{
    private readonly Argument<string?> sweep = CommonArguments.Sweep();
    private readonly Option<int?> run = new("--run", "-r") { Description = "Show this run: its configuration, curve and reasons.", HelpName = "number" };
    private readonly Option<bool> file = new("--file") { Description = "Show the sweep file as it is now, and what each extension changed." };

    private readonly Option<string?> metric = CommonArguments.Metric("With --run: the metric whose curve is drawn. Default: the objective and the loss.");

    public ShowCommand() : base("show", "A sweep: its search, its state, its best runs; or one run of it.")
    {
        Arguments.Add(sweep);
        Options.Add(run);
        Options.Add(file);
        Options.Add(metric);
    }

    /// <inheritdoc/>
    protected override async Task ShowAsync(ParseResult parse, CommandContext context, ISweepSource source, CancellationToken cancel)
    {
        var id = await source.ResolveAsync(parse.GetValue(sweep), cancel);
        var (history, log) = await source.LogAsync(id, cancel);
        var terminal = context.Terminal;

        var drawn = parse.GetValue(metric);
        if (drawn is not null && parse.GetValue(run) is null)
            throw new UsageException("--metric draws the curve of a run: add --run NUMBER, or see `sweep curves`.");
        if (parse.GetValue(file) && parse.GetValue(run) is not null)
            throw new UsageException("--file shows the file of the sweep, so --run has no effect. Leave one of them out.");
        if (parse.GetValue(file))
            terminal.WriteData(terminal.Json ? SweepFileText.Json(history) : SweepFileText.Of(history));
        else if (parse.GetValue(run) is { } number)
        {
            var one = history.Run(number);
            var progress = await source.ProgressAsync(id, one, cancel);
            if (terminal.Json)
                terminal.WriteData(SweepJson.Run(history, one, progress));
            else
            {
                var epochs = new RecordedEpochs(log);
                terminal.Out.Write(RunDetails.Build(history, one, epochs, terminal.Width, drawn is null ? null : epochs.Find(drawn), progress));
            }
        }
        else if (terminal.Json)
        {
            terminal.WriteData(SweepJson.Summary(history, obstacles: await ObstaclesAsync(source, history, cancel)));
        }
        else
        {
            terminal.Out.Write(SweepDetails.Build(history, terminal.Width, await ObstaclesAsync(source, history, cancel)));
        }
    }

    private static Task<IReadOnlyList<string>> ObstaclesAsync(ISweepSource source, SweepHistory history, CancellationToken cancel) =>
        history.State.Status == SweepStatus.Running ? source.ObstaclesAsync(history.Sweep, cancel) : Task.FromResult<IReadOnlyList<string>>([]);
}
