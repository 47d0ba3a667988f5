using System.CommandLine;
using Client.Output;
using Client.Sources;
using Client.Views;
using Sweeps.Core;
using Sweeps.Log;

namespace Client.Commands;

/// <summary><c>sweep tail</c></summary>
public sealed class TailCommand : ReadingCommand
{
    private static readonly TimeSpan FollowInterval = TimeSpan.FromSeconds(0.5);

    private readonly Argument<string?> sweep = CommonArguments.Sweep();
    private readonly Option<int> count = new("--count", "-n") { Description = "How many events. Default: 20.", HelpName = "number", DefaultValueFactory = _ => 20 };
    private readonly Option<int?> run = new("--run", "-r") { Description = "Only events of this run.", HelpName = "number" };
    private readonly Option<bool> follow = new("--follow", "-f") { Description = "Go on with new events until the sweep ends; Ctrl-C leaves." };

    public TailCommand() : base("tail", "The last events of a sweep's log, one a line.")
    {
        Arguments.Add(sweep);
        foreach (var option in (Option[])[count, run, follow])
            Options.Add(option);
    }

    /// <inheritdoc/>
    protected override async Task ShowAsync(ParseResult parse, CommandContext context, ISweepSource source, CancellationToken cancel)
    {
        var (wanted, one, on) = (parse.GetValue(count), parse.GetValue(run), parse.GetValue(follow));
        if (wanted < 0)
            throw new UsageException($"--count {wanted}: expected 0 or more.");
        if (on && source is CutSource)
            throw new UsageException("--follow waits for new events, and --at shows old ones: leave one of them out.");
        var id = await source.ResolveAsync(parse.GetValue(sweep), cancel);
        var (history, log) = await source.LogAsync(id, cancel);
        if (one is { } number)
            history.Run(number);
        var last = log.Where(Shown).TakeLast(wanted).ToList();
        if (context.Terminal.Json && !on)
        {
            context.Terminal.WriteData($"[{string.Join(',', last.Select(EventText.Write))}]");
            return;
        }
        last.ForEach(Write);
        while (on && history.State.HasWork)
        {
            await Task.Delay(FollowInterval, context.Time, cancel);
            await foreach (var logged in source.ReadAsync(id, history.State.Seq, cancel))
            {
                history.Add(logged);
                if (Shown(logged))
                    Write(logged);
            }
        }

        bool Shown(LoggedEvent logged) => one is null || EventSentence.RunOf(logged.Event) == one;

        void Write(LoggedEvent logged)
        {
            if (context.Terminal.Json)
                context.Terminal.WriteData(EventText.Write(logged));
            else
                Terminal.WriteSentence(context.Terminal.Out, EventSentence.Of(logged, history), EventSentence.Indent);
        }
    }
}
