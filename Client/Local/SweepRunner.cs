using Client.Output;
using Client.Sources;
using Client.Views;
using Client.Watching;
using Sweeps.Core;
using Sweeps.Embedded;
using Sweeps.Files;
using Sweeps.Telemetry;

namespace Client.Local;

/// <summary>Runs one sweep of the folder in this process, shows it, and answers requests to steer it.</summary>
/// <param name="context">The terminal, the folder, the clock.</param>
/// <param name="metrics">The process's instruments.</param>
public sealed class SweepRunner(CommandContext context, SweepMetrics metrics)
{
    /// <summary>Creates a sweep and runs it. Opens the data first, so that no sweep is created when its data are missing.</summary>
    public async Task<ExitCode> StartAsync(string text, SweepFile file, WorkOptions work, CancellationToken cancel, IReadOnlyList<string>? tags = null)
    {
        var spec = file.Spec;
        var (trainable, warnings) = Trainables.Make(context, file, Trainables.Options(work.Data), cancel);
        foreach (var warning in warnings)
            context.Terminal.Warn(warning.At(file.FileName));
        var options = LocalSweeps.Options(context, metrics, trainable, work.Slots);
        var id = Detached.Sweep ?? Sweeps.Log.SweepId.New(spec.Name, Random.Shared);
        await using var embedded = await EmbeddedSweep.CreateAsync(options, id, text, context.User, cancel);
        Detached.Settle(context.Home);
        foreach (var tag in tags ?? [])
            await embedded.Coordinator.SendAsync(new Steer(new SweepSteered(context.User, "", new SteerAction.Annotate(Annotation.Tag, tag))), cancel);
        context.Terminal.Say($"Sweep {id}: {SpecText.Describe(spec)} on {SpecText.Slots(options.Slots)}. Ctrl-C loses nothing.");
        return await WorkAsync(embedded, cancel);
    }

    /// <summary>
    /// Sends a sweep the action that continues it, and runs it. Throws <see cref="UsageException"/> when the sweep refuses the action,
    /// unless it is a resume.
    /// </summary>
    public async Task<ExitCode> ContinueAsync(string sweep, SweepSpec spec, SweepSteered request, WorkOptions work, CancellationToken cancel)
    {
        var options = LocalSweeps.Options(context, metrics, Trainables.Make(context, spec, work.Data, cancel), work.Slots);
        await using var embedded = await EmbeddedSweep.OpenAsync(options, sweep, cancel);
        Detached.Settle(context.Home);
        var reply = await embedded.Coordinator.SendAsync(new Steer(request), cancel);
        // A sweep that was interrupted without being paused refuses the resume, but continues.
        if (!reply.Accepted && request.Action is not SteerAction.Resume)
            throw new UsageException($"{sweep}: {reply.Message}");
        context.Terminal.Say($"Sweep {sweep} goes on, on {SpecText.Slots(options.Slots)}.{(request.Action is SteerAction.Resume ? "" : $" {reply.Message}")}");
        return await WorkAsync(embedded, cancel);
    }

    private async Task<ExitCode> WorkAsync(EmbeddedSweep embedded, CancellationToken cancel)
    {
        await using var source = new FolderSource(context);
        using var over = new CancellationTokenSource();
        var listening = SteeringPipe.ListenAsync(context.Home.Folder(embedded.Sweep), request => DecideAsync(embedded, request), over.Token);
        var watcher = new Watcher(source, embedded.Sweep, context);

        try
        {
            await watcher.WatchAsync(embedded.RunAsync(cancel), CancellationToken.None);
        }
        finally
        {
            await over.CancelAsync();
            await listening;
        }
        return context.Finish(watcher.History);
    }

    private static Task<SteerReply> DecideAsync(EmbeddedSweep embedded, SweepSteered request) =>
        embedded.Coordinator.SendAsync(new Steer(request), CancellationToken.None);
}
