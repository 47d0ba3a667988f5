using System.CommandLine;
using Client.Local;
using Client.Sources;
using Client.Views;
using Client.Watching;
using Sweeps.Files;
using Sweeps.Log;
using Sweeps.Telemetry;

namespace Client.Commands;

/// <summary><c>sweep run</c></summary>
public sealed class RunCommand : SweepCommand
{
    private readonly Argument<FileInfo> file = new("file") { Description = "The sweep file (YAML)." };
    private readonly Option<bool> detach = new("--detach") { Description = "With a cluster: submit and return, without watching." };
    private readonly TrainingArguments work = new();

    public RunCommand() : base("run", "Run a sweep file, on this machine or on a cluster.", SourceKinds.Home | SourceKinds.Cluster)
    {
        Arguments.Add(file);
        Options.Add(detach);
        work.AddTo(this);
    }

    /// <inheritdoc/>
    public override IEnumerable<Option> LocalOptions => work.All;

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel)
    {
        var how = work.Read(parse);
        if (parse.GetValue(detach) && !context.Remote)
            throw new UsageException("--detach submits to a cluster and returns: give --cluster, or leave it out. On this machine the sweep runs in this process.");
        var (sweep, text) = SweepFiles.Read(parse.GetValue(file)!);
        foreach (var warning in sweep.Warnings)
            context.Terminal.Warn(warning.At(sweep.FileName));
        if (context.Remote)
            return await SubmitAsync(context, text, sweep, parse.GetValue(detach), cancel);
        using var metrics = new SweepMetrics();
        using var served = how.ServeMetrics();
        return await new SweepRunner(context, metrics).StartAsync(text, sweep, how, cancel);
    }

    /// <summary>Submits the sweep to the cluster and, unless <paramref name="detached"/>, watches it to its end. It runs whether or not it is watched.</summary>
    private static async Task<ExitCode> SubmitAsync(CommandContext context, string text, SweepFile file, bool detached, CancellationToken cancel)
    {
        await using var source = context.OpenCluster();
        var id = SweepId.New(file.Spec.Name, Random.Shared);
        await source.SubmitAsync(id, text, file.FileName, context.User, cancel);
        context.Terminal.Say($"Sweep {id}: {SpecText.Describe(file.Spec)}, submitted to {source.Place}.");
        if (detached)
        {
            foreach (var obstacle in await ObstaclesAsync(source, id, cancel))
                context.Terminal.Warn(obstacle);
            if (context.Terminal.Json)
                context.Terminal.WriteData($"{{\"sweep\":\"{id}\",\"state\":\"submitted\"}}");
            else
                context.Terminal.Say($"Watch it with: ./sweep watch {id}");
            return ExitCode.Done;
        }
        var watcher = new Watcher(source, id, context) { UntilTested = true };
        try
        {
            await watcher.WatchAsync(null, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            context.Terminal.Say($"No longer watching; the sweep goes on. Look again with: ./sweep watch {id}");
            return ExitCode.Interrupted;
        }
        return context.Finish(watcher.History);
    }

    /// <summary>Waits some seconds until a run has been created, or until the nodes say what keeps the sweep from starting.</summary>
    private static async Task<IReadOnlyList<string>> ObstaclesAsync(ClusterSource source, string sweep, CancellationToken cancel)
    {
        for (var look = 0; look < 10; look++)
        {
            if ((await source.FoldAsync(sweep, cancel)).State.Runs.Count > 0)
                return [];
            if (await source.ObstaclesAsync(sweep, cancel) is { Count: > 0 } obstacles)
                return obstacles;
            await Task.Delay(TimeSpan.FromSeconds(0.5), cancel);
        }
        return [];
    }
}
