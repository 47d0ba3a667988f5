using Client.Rendering;
using Client.Sources;
using Client.Steering;
using Client.Watching;
using Sweeps.Core;
using Sweeps.Embedded;
using Sweeps.Files;
using Sweeps.Telemetry;

namespace Client.Running;

/// <summary>Works on one sweep of a folder in this process, shows it, and answers who wants to steer it.</summary>
/// <param name="session">The terminal, the folder, the clock.</param>
/// <param name="metrics">The process's instruments.</param>
public sealed class SweepRunner(Session session, SweepMetrics metrics)
{
    /// <summary>Creates a sweep and works on it. What can be wrong with the file or the data is found out before.</summary>
    public async Task<ExitCode> StartAsync(string text, SweepFile file, WorkOptions work, CancellationToken cancel)
    {
        var spec = file.Spec;
        var options = LocalSweeps.Options(session, metrics, Trainables.Make(session, file, Trainables.Options(work.Data), cancel), work.Slots);
        var id = Sweeps.Log.SweepId.New(spec.Name, Random.Shared);
        await using var embedded = await EmbeddedSweep.CreateAsync(options, id, text, session.User, cancel);
        session.Terminal.Say($"Sweep {id}: {SweepWords.What(spec)} on {SweepWords.Slots(options.Slots)}. Ctrl-C loses nothing.");
        return await WorkAsync(embedded, cancel);
    }

    /// <summary>Goes on with a sweep where it was.</summary>
    public async Task<ExitCode> ResumeAsync(string sweep, SweepSpec spec, WorkOptions work, CancellationToken cancel)
    {
        var options = LocalSweeps.Options(session, metrics, Trainables.Make(session, spec, work.Data, cancel), work.Slots);
        await using var embedded = await EmbeddedSweep.OpenAsync(options, sweep, cancel);
        await embedded.Coordinator.SendAsync<SteerReply>(new Steer(default, session.User, "", new SteerAction.Resume()), cancel);
        session.Terminal.Say($"Sweep {sweep} goes on, on {SweepWords.Slots(options.Slots)}.");
        return await WorkAsync(embedded, cancel);
    }

    private async Task<ExitCode> WorkAsync(EmbeddedSweep embedded, CancellationToken cancel)
    {
        await using var source = new FolderSource(session);
        using var over = new CancellationTokenSource();
        var listening = SteeringPipe.ListenAsync(session.Home.Folder(embedded.Sweep), wish => DecideAsync(embedded, wish), over.Token);
        var watcher = new Watcher(source, embedded.Sweep, session);

        try
        {
            await watcher.WatchAsync(embedded.RunAsync(cancel), CancellationToken.None);
        }
        finally
        {
            await over.CancelAsync();
            await listening;
        }
        return session.Finish(watcher.History);
    }

    private static Task<SteerReply> DecideAsync(EmbeddedSweep embedded, SweepSteered wish) =>
        embedded.Coordinator.SendAsync<SteerReply>(new Steer(wish), CancellationToken.None);
}
