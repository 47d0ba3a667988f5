using Sweeps.Coordination;
using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Embedded;
using Sweeps.Log.Folder;
using Sweeps.Telemetry;
using Sweeps.Training;

namespace Client.Local;

/// <summary>Coordinators of sweeps in this process.</summary>
public static class LocalSweeps
{
    /// <summary>
    /// The time for which another process may hold the lock of a sweep without answering requests, while it starts or ends.
    /// </summary>
    public static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The options of a sweep in this process. Without <paramref name="trainable"/> the process makes decisions but trains nothing.
    /// </summary>
    public static EmbeddedOptions Options(CommandContext context, SweepMetrics metrics, ITrainable? trainable = null, int? slots = null)
    {
        var options = new EmbeddedOptions
        {
            Home = context.Home,
            ReadSpec = Sources.SweepSources.ReadSpec,
            MakeSearch = SearchFactory.Create,
            MakeTrainable = _ => trainable ?? throw new InvalidOperationException("This process only decides; it trains nothing."),
            Metrics = metrics,
            Time = context.Time,
        };
        return slots is { } count ? options with { Slots = count } : options;
    }

    /// <summary>
    /// Sends a request to the coordinator of the sweep: in the process that works on the sweep, or, if there is none, in this process.
    /// Throws <see cref="UsageException"/> when another process holds the sweep's lock and does not answer.
    /// </summary>
    public static async Task<SteerReply> DecideAsync(CommandContext context, string sweep, SweepSteered request, CancellationToken cancel)
    {
        for (var since = context.Time.GetTimestamp(); ;)
        {
            if (await SteeringPipe.AskAsync(context.Home.Folder(sweep), request, cancel) is { } reply)
                return reply;
            try
            {
                return await DecideHereAsync(context, sweep, request, cancel);
            }
            catch (SweepLockedException) when (context.Time.GetElapsedTime(since) < AnswerLimit)
            {
                // The other process is starting or ending: it holds the lock of the folder but does not listen to requests. Try again.
            }
            catch (Exception problem) when (problem is SweepNotFoundException or SweepLockedException)
            {
                throw new UsageException(problem.Message, problem);
            }
        }
    }

    private static async Task<SteerReply> DecideHereAsync(CommandContext context, string sweep, SweepSteered request, CancellationToken cancel)
    {
        using var metrics = new SweepMetrics();
        await using var embedded = await EmbeddedSweep.OpenAsync(Options(context, metrics), sweep, cancel);
        // The process that trained the runs has ended, so their assignments will never finish. Without this the sweep would never leave the
        // state "stopping".
        if (request.Action is SteerAction.Stop)
            await embedded.LoseEarlierNodesAsync();
        var reply = await embedded.Coordinator.SendAsync(new Steer(request), cancel);
        await embedded.Coordinator.WhenHooksRanAsync(cancel);
        return reply.Accepted && request.Action is SteerAction.Change && await embedded.Coordinator.QueryAsync(state => state.Status != SweepStatus.Ended, cancel)
            ? reply with { Message = $"{reply.Message} No process works on it now. To continue: ./sweep resume {sweep}" }
            : reply;
    }
}
