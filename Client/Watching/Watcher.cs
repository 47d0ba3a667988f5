using Client.Sources;
using Client.Views;
using Sweeps.Core;

namespace Client.Watching;

/// <summary>Follows the log of a sweep and shows it until it ends.</summary>
/// <param name="source">The source of the sweep.</param>
/// <param name="sweep">Its id.</param>
/// <param name="context">The terminal and the clock.</param>
public sealed class Watcher(ISweepSource source, string sweep, CommandContext context)
{
    private static readonly TimeSpan RateWindow = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ObstacleInterval = TimeSpan.FromSeconds(2);

    private IReadOnlyList<string> obstacles = [];
    private DateTimeOffset? obstaclesAt;

    /// <summary>Whether an ended sweep is followed until its best weights have been evaluated on the test part.</summary>
    public bool UntilTested { get; init; }

    /// <summary>The sweep, from the events read so far.</summary>
    public SweepHistory History { get; } = SweepSources.NewHistory();

    /// <summary>
    /// Shows the sweep until it has ended or, when this process works on it, until <paramref name="work"/> has completed; rethrows its
    /// exception. Throws <see cref="OperationCanceledException"/> when cancelled; with <paramref name="work"/>, after it has completed.
    /// </summary>
    public async Task WatchAsync(Task? work, CancellationToken cancel)
    {
        if (context.Terminal.Live)
            await LiveDisplay.RunAsync(context.Terminal.Out, display => ShowAsync(display, work, cancel));
        else
            await ShowAsync(new PlainDisplay(context.Terminal.Say, TimeSpan.FromSeconds(10)), work, cancel);
    }

    private async Task ShowAsync(IDisplay display, Task? work, CancellationToken cancel)
    {
        var began = context.Time.GetUtcNow();
        // One task for all rounds: each delay keeps a registration with the token until it is cancelled.
        var ends = work ?? Task.Delay(Timeout.InfiniteTimeSpan, cancel);
        var rate = new EpochRate(RateWindow);
        var away = false;
        for (var over = false; !over;)
        {
            over = work?.IsCompleted ?? cancel.IsCancellationRequested;
            try
            {
                await RefreshAsync();
                if (away)
                    display.Say($"Watching goes on: {source.Place} answers again.");
                away = false;
            }
            catch (SourceUnavailableException trouble) when (work is null)
            {
                if (!away)
                    display.Say($"{trouble.Message} Watching goes on when it answers again; Ctrl-C leaves.");
                away = true;
            }
            over |= work is null && History.State.Status == SweepStatus.Ended && !(UntilTested && History.State.HasWork);
            if (!over)
                await Task.WhenAny(ends, Task.Delay(display.Interval, context.Time, CancellationToken.None));
        }
        if (work is not null)
        {
            // This process still holds the lock, so the source reports it as the worker, but its work has ended.
            History.Worker = null;
            await work;
        }
        cancel.ThrowIfCancellationRequested();

        async Task RefreshAsync()
        {
            // Work in this process is followed to its last event; watching a cluster is cancelled immediately.
            await source.FollowAsync(sweep, History, work is null ? cancel : CancellationToken.None);
            var now = context.Time.GetUtcNow();
            if (History.State.Seq == 0)
                return;
            rate.Add(now, History.State.EpochsRecorded);
            display.Show(SweepView.Of(History, rate, work is null ? History.BusyAt(now) : now - began) with
            {
                Obstacles = await ObstaclesAsync(now, cancel),
            });
        }
    }

    private async Task<IReadOnlyList<string>> ObstaclesAsync(DateTimeOffset now, CancellationToken cancel)
    {
        if (History.State.Status != SweepStatus.Running)
            return [];
        if (now - obstaclesAt is not { } since || since >= ObstacleInterval)
            (obstacles, obstaclesAt) = (cancel.IsCancellationRequested ? obstacles : await source.ObstaclesAsync(sweep, cancel), now);
        return obstacles;
    }
}
