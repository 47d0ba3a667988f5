using System.CommandLine;
using Client.Rendering;
using Client.Sources;
using Client.Watching;

namespace Client.Commands;

/// <summary><c>sweep watch</c></summary>
public sealed class WatchCommand : SweepCommand
{
    private readonly Argument<string?> sweep = CommonArguments.Sweep();

    /// <summary>Builds the command.</summary>
    public WatchCommand() : base("watch", "Watch a sweep that another process or a cluster works on. Leaving does not disturb it.") => Arguments.Add(sweep);

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parse, Session session, CancellationToken cancel)
    {
        await using var source = session.OpenSource();
        var watcher = new Watcher(source, await source.ResolveAsync(parse.GetValue(sweep), cancel), session);
        try
        {
            await watcher.WatchAsync(null, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            session.Terminal.Answer($"No longer watching; the sweep goes on without it. Look again with: ./sweep watch {watcher.History.Sweep}",
                json => json.WriteString("sweep", watcher.History.Sweep));
            return ExitCode.Interrupted;
        }
        session.Finish(watcher.History);
        return ExitCode.Done;
    }
}
