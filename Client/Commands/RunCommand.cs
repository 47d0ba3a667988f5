using System.CommandLine;
using System.Globalization;
using Client.Local;
using Client.Sources;
using Client.Views;
using Client.Watching;
using Sweeps.Core;
using Sweeps.Files;
using Sweeps.Log;
using Sweeps.Telemetry;

namespace Client.Commands;

/// <summary><c>sweep run</c></summary>
public sealed class RunCommand : SweepCommand
{
    private readonly SweepFileArgument file = new();
    private readonly Option<bool> detach = CommonArguments.Detach();
    private readonly Option<string[]> set = new("--set", "-s")
    {
        Description = "Change the file for this sweep: a parameter (-s learning_rate=0.01) or a key (-s run_cap=20 -s early_terminate.eta=4).",
        HelpName = "name=value",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string?> name = new("--name") { Description = "The sweep's name. Default: that of the file.", HelpName = "name" };
    private readonly Option<long?> seed = new("--seed") { Description = "The seed of the search and of the runs. Default: that of the file.", HelpName = "number" };
    private readonly Option<string[]> tags = new("--tag", "-t") { Description = "Tags, as with `sweep tag`.", HelpName = "tag", AllowMultipleArgumentsPerToken = true };
    private readonly Option<bool> withCode = new("--with-code")
    {
        Description = "With a cluster: send the folder of the program, as git lists it, for nodes that were started with --accept-code.",
    };
    private readonly Option<bool> yes = new("--yes", "-y") { Description = "With --with-code: send it without asking." };
    private readonly TrainingArguments work = new();

    public RunCommand() : base("run", "Run a sweep file, on this machine or on a cluster.", SourceKinds.Home | SourceKinds.Cluster)
    {
        file.AddTo(this);
        foreach (var option in (Option[])[set, name, seed, tags, detach, withCode, yes])
            Options.Add(option);
        work.AddTo(this);
    }

    /// <inheritdoc/>
    public override IEnumerable<Option> LocalOptions => work.All;

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel)
    {
        var how = work.Read(parse);
        var labels = parse.GetValue(tags) ?? [];
        if (labels.FirstOrDefault(tag => tag.Length == 0 || tag.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) || letter == ',')) is { } wrong)
            throw new UsageException($"--tag '{wrong}': expected one word, such as baseline.");
        var (sweep, text) = await file.ReadAsync(parse, context, cancel, spec => Changes(parse, spec), parse.GetValue(withCode));
        foreach (var warning in sweep.Warnings)
            context.Terminal.Warn(warning.At(sweep.FileName));
        if (context.Remote)
        {
            await using var source = context.OpenCluster();
            var program = new SubmittedProgram(context, source, parse.GetValue(withCode), parse.GetValue(yes));
            return await SubmitAsync(context, source, await program.PrepareAsync(text, sweep, cancel), sweep, labels, parse.GetValue(detach), cancel);
        }
        if (parse.GetValue(withCode))
            throw new UsageException("--with-code sends a program to a cluster: add --cluster address:port, or leave it out.");
        if (parse.GetValue(detach))
            return await Detached.StartAsync(parse, context, SweepId.New(sweep.Spec.Name, Random.Shared), cancel);
        using var metrics = new SweepMetrics();
        using var served = how.ServeMetrics();
        return await new SweepRunner(context, metrics).StartAsync(text, sweep, how, cancel, labels);
    }

    private List<(string Key, string Value)> Changes(ParseResult parse, SweepSpec spec)
    {
        var changes = SweepFileEdit.Assignments(spec, parse.GetValue(set) ?? []).ToList();
        if (parse.GetValue(name) is { } given)
            changes.Add(("name", $"'{given.Replace("'", "''", StringComparison.Ordinal)}'"));
        if (parse.GetValue(seed) is { } number)
            changes.Add(("seed", number.ToString(CultureInfo.InvariantCulture)));
        return changes;
    }

    /// <summary>
    /// Submits the sweep to the cluster and, unless <paramref name="detached"/>, watches it to its end. Watching has no effect on the
    /// sweep.
    /// </summary>
    private static async Task<ExitCode> SubmitAsync(
        CommandContext context, ClusterSource source, string text, SweepFile file, IReadOnlyList<string> tags, bool detached, CancellationToken cancel)
    {
        var id = SweepId.New(file.Spec.Name, Random.Shared);
        await source.SubmitAsync(id, text, file.FileName, context.User, cancel);
        foreach (var tag in tags)
            await source.SteerAsync(id, new SweepSteered(context.User, "", new SteerAction.Annotate(Annotation.Tag, tag), Guid.NewGuid().ToString("N")), cancel);
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

    /// <summary>Waits up to 5 s for the first run. Returns the obstacles that nodes report before it.</summary>
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
