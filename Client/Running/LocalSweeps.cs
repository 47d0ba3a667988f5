using Client.Steering;
using Sweeps.Coordination;
using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Embedded;
using Sweeps.Log.Folder;
using Sweeps.Telemetry;
using Sweeps.Training;

namespace Client.Running;

/// <summary>Puts together what a sweep in this process needs.</summary>
public static class LocalSweeps
{
    /// <summary>How long a process that holds a sweep may begin or end without listening.</summary>
    public static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    /// <summary>The options of a sweep that trains.</summary>
    public static EmbeddedOptions Options(Session session, SweepMetrics metrics, ITrainable? trainable = null, int? slots = null)
    {
        var options = new EmbeddedOptions
        {
            Home = session.Home,
            ReadSpec = Sources.SweepSources.ReadSpec,
            MakeSearch = SearchFactory.Create,
            MakeTrainable = _ => trainable ?? throw new InvalidOperationException("This process only decides; it trains nothing."),
            Metrics = metrics,
            Time = session.Time,
        };
        return slots is { } count ? options with { Slots = count } : options;
    }

    /// <summary>
    /// Has the sweep's coordinator decide on what a person wants: in the process that works on the sweep, or in this one when there is none;
    /// then nothing is trained. Throws <see cref="UsageException"/> when another process holds the sweep and does not answer.
    /// </summary>
    public static async Task<SteerReply> DecideAsync(Session session, string sweep, SweepSteered wish, CancellationToken cancel)
    {
        for (var since = session.Time.GetTimestamp(); ;)
        {
            if (await SteeringPipe.AskAsync(session.Home.Folder(sweep), wish, cancel) is { } reply)
                return reply;
            try
            {
                return await DecideHereAsync(session, sweep, wish, cancel);
            }
            catch (SweepLockedException) when (session.Time.GetElapsedTime(since) < AnswerLimit)
            {
                // The other process begins or ends: it holds the folder and does not listen.
            }
            catch (Exception problem) when (problem is SweepNotFoundException or SweepLockedException)
            {
                throw new UsageException(problem.Message, problem);
            }
        }
    }

    private static async Task<SteerReply> DecideHereAsync(Session session, string sweep, SweepSteered wish, CancellationToken cancel)
    {
        using var metrics = new SweepMetrics();
        await using var embedded = await EmbeddedSweep.OpenAsync(Options(session, metrics), sweep, cancel);
        // What the log says is running died with its process: nothing is left to finish.
        if (wish.Action is SteerAction.Stop)
            await embedded.LoseEarlierNodesAsync();
        var reply = await embedded.Coordinator.SendAsync<SteerReply>(new Steer(wish), cancel);
        return reply.Accepted && wish.Action is SteerAction.Change && await embedded.Coordinator.QueryAsync(state => state.Status != SweepStatus.Ended, cancel)
            ? reply with { Message = $"{reply.Message} Nothing works on it now. To go on: ./sweep resume {sweep}" }
            : reply;
    }
}
