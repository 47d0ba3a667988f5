using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Hosting;
using Sweeps.Telemetry;
using Sweeps.Training;

namespace Client.Running;

/// <summary>Puts together what a sweep in this process needs.</summary>
public static class LocalSweeps
{
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
    /// Has a coordinator in this process decide on what a person wants; nothing is trained. Throws <see cref="UsageException"/> when another
    /// process holds the sweep.
    /// </summary>
    public static async Task<SteerReply> DecideAsync(Session session, string sweep, SweepSteered wish, CancellationToken cancel)
    {
        try
        {
            using var metrics = new SweepMetrics();
            await using var embedded = await EmbeddedSweep.OpenAsync(Options(session, metrics), sweep, cancel);
            return await embedded.Coordinator.SendAsync<SteerReply>(new Steer(default, wish.By, wish.Why, wish.Action), cancel);
        }
        catch (Exception problem) when (problem is SweepNotFoundException or Sweeps.Log.Folder.SweepLockedException)
        {
            throw new UsageException(problem.Message, problem);
        }
    }
}
