using Client.Sources;
using Client.Views;
using Sweeps.Core;

namespace Client.Watching;

/// <summary>Follows a sweep's log and shows it until it ends.</summary>
/// <param name="source">Where the sweep is.</param>
/// <param name="sweep">Its id.</param>
/// <param name="session">The terminal and the clock.</param>
public sealed class Watcher(ISweepSource source, string sweep, Session session)
{
    private static readonly TimeSpan RateWindow = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ObstacleInterval = TimeSpan.FromSeconds(2);

    private IReadOnlyList<string> obstacles = [];
    private DateTimeOffset? askedAt;

    /// <summary>Whether an ended sweep is followed until its best weights have been evaluated on the test part.</summary>
    public bool UntilTested { get; init; }

    /// <summary>All that has been read.</summary>
    public SweepHistory History { get; } = SweepSources.NewHistory();

    /// <summary>
    /// Shows the sweep until it has ended, or until <paramref name="work"/> is over when there is some in this process, whose failure is
    /// thrown. Throws <see cref="OperationCanceledException"/> when cancelled, after <paramref name="work"/> has come to rest.
    /// </summary>
    public async Task WatchAsync(Task? work, CancellationToken cancel)
    {
        if (session.Terminal.Live)
            await LiveDisplay.RunAsync(session.Terminal.Out, display => ShowAsync(display, work, cancel));
        else
            await ShowAsync(new PlainDisplay(session.Terminal.Say, TimeSpan.FromSeconds(10)), work, cancel);
    }

    private async Task ShowAsync(IDisplay display, Task? work, CancellationToken cancel)
    {
        var began = session.Time.GetUtcNow();
        var rate = new EpochRate(RateWindow);
        var away = false;
        for (var over = false; !over;)
        {
            over = work?.IsCompleted ?? cancel.IsCancellationRequested;
            try
            {
                await LookAsync();
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
                await Task.WhenAny(work ?? Task.Delay(Timeout.InfiniteTimeSpan, cancel), Task.Delay(display.Pace, session.Time, CancellationToken.None));
        }
        if (work is not null)
        {
            // This process still holds the sweep, but works on it no more.
            History.Worker = null;
            await work;
        }
        cancel.ThrowIfCancellationRequested();

        async Task LookAsync()
        {
            // Work in this process is followed to its last event; other machines are left at once.
            await source.FollowAsync(sweep, History, work is null ? cancel : CancellationToken.None);
            var now = session.Time.GetUtcNow();
            if (History.State.Seq == 0)
                return;
            rate.Note(now, History.State.EpochsRecorded);
            display.Show(SweepViews.Of(History, rate, work is null ? now - History.State.CreatedAt : now - began) with
            {
                Obstacles = await ObstaclesAsync(now, cancel),
            });
        }
    }

    private async Task<IReadOnlyList<string>> ObstaclesAsync(DateTimeOffset now, CancellationToken cancel)
    {
        if (History.State.Status != SweepStatus.Running)
            return [];
        if (now - askedAt is not { } since || since >= ObstacleInterval)
            (obstacles, askedAt) = (cancel.IsCancellationRequested ? obstacles : await source.ObstaclesAsync(sweep, cancel), now);
        return obstacles;
    }
}
