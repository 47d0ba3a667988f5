using System.CommandLine;
using Client.Output;
using Client.Sources;
using Client.Watching;

namespace Client.Commands;

/// <summary><c>sweep watch</c></summary>
public sealed class WatchCommand : SweepCommand
{
    private readonly Argument<string?> sweep = CommonArguments.Sweep();

    public WatchCommand() : base("watch", "Watch a sweep that another process or a cluster works on. Leaving does not disturb it.") => Arguments.Add(sweep);

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel)
    {
        await using var source = context.OpenSource();
        var id = await source.ResolveAsync(parse.GetValue(sweep), cancel);
        var watcher = new Watcher(source, id, context);
        try
        {
            await watcher.WatchAsync(null, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            context.Terminal.Answer($"No longer watching; the sweep goes on without it. Look again with: ./sweep watch {id}",
                json => json.WriteString("sweep", id));
            return ExitCode.Interrupted;
        }
        context.Finish(watcher.History);
        return ExitCode.Done;
    }
}
