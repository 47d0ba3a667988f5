using System.CommandLine;
using Client.Sources;
using Sweeps.Core;
using Sweeps.Files;
using Sweeps.Programs;

namespace Client.Commands;

/// <summary><c>sweep logs</c></summary>
public sealed class LogsCommand : SweepCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.3);

    /// <summary>
    /// The number of reads without new output after the end of a run that end <c>--follow</c>: the last output of a run is stored after its last report.
    /// </summary>
    private const int QuietReads = 3;

    private readonly Argument<int> run = CommonArguments.Run();
    private readonly Argument<string?> sweep = CommonArguments.Sweep();
    private readonly Option<bool> follow = new("--follow", "-f") { Description = "Go on with new output until the run ends." };
    private readonly Option<int?> tail = new("--tail", "-n") { Description = "Only so many lines from the end of what is there.", HelpName = "lines" };

    public LogsCommand() : base("logs", "The output of a run's program; the newest part of it when there is much.")
    {
        Arguments.Add(run);
        Arguments.Add(sweep);
        Options.Add(follow);
        Options.Add(tail);
    }

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel)
    {
        await using var source = context.OpenSource();
        var id = await source.ResolveAsync(parse.GetValue(sweep), cancel);
        var history = await source.FoldAsync(id, cancel);
        var number = history.Run(parse.GetValue(run)).Number;
        if (history.Spec.Trainable is not ProgramSpec)
            throw new UsageException($"Sweep {id} runs no program: its runs have no output. `sweep why {number} {id}` says what happened to the run.");
        var writer = context.Terminal.Out.Profile.Out.Writer;
        var lines = new List<string>();
        var splitter = new LineSplitter(line => lines.Add(PlainText.Escape(line)));
        var position = 0L;
        var (follows, away, quiet) = (parse.GetValue(follow), false, 0);
        for (var first = true; ; first = false)
        {
            try
            {
                if (!first)
                    await source.FollowAsync(id, history, cancel);
                quiet = first || !IsOver(history.State, number) ? 0 : quiet + 1;
                while (await source.OutputAsync(id, number, position, cancel) is { Bytes.Length: > 0 } piece)
                {
                    splitter.Add(piece.Bytes);
                    (position, quiet) = (piece.Position + piece.Bytes.Length, 0);
                }
                var over = !follows || quiet == QuietReads;
                if (over)
                    splitter.End();
                foreach (var line in first && parse.GetValue(tail) is { } most ? lines.TakeLast(most) : lines)
                    await writer.WriteLineAsync(line);
                await writer.FlushAsync(cancel);
                lines.Clear();
                if (over)
                    return ExitCode.Done;
                if (away)
                    context.Terminal.Say($"Following goes on: {source.Place} answers again.");
                away = false;
            }
            catch (SourceUnavailableException trouble) when (follows)
            {
                if (!away)
                    context.Terminal.Say($"{trouble.Message} Following goes on when it answers again; Ctrl-C leaves.");
                away = true;
            }
            if (!first)
                await Task.Delay(Interval, cancel);
        }
    }

    private static bool IsOver(SweepState state, int run) => state.Runs[run].Over || state.Status == SweepStatus.Ended;
}
