using System.CommandLine;
using System.Globalization;
using Client.Sources;
using Client.Views;
using Sweeps.Core;
using Sweeps.Log;
using Sweeps.Log.Folder;
using Sweeps.Programs;

namespace Client.Commands;

/// <summary>A command that deletes what sweeps have stored, after confirmation by the user or with <c>--yes</c>.</summary>
public abstract class CleaningCommand : SweepCommand
{
    private readonly Option<bool> yes = new("--yes", "-y") { Description = "Delete without asking." };

    /// <param name="name">Its name.</param>
    /// <param name="description">The description in the help.</param>
    /// <param name="sources">The kinds of sources in which it deletes.</param>
    protected CleaningCommand(string name, string description, SourceKinds sources) : base(name, description, sources) => Options.Add(yes);

    /// <summary>Deletes everything in <paramref name="plan"/> after the user has confirmed it.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="context">The terminal.</param>
    /// <param name="plan">A description of each deletion, the bytes that it frees, and the action that carries it out.</param>
    protected async Task<ExitCode> CleanAsync(ParseResult parse, CommandContext context, IReadOnlyList<(string What, long Bytes, Func<Task> Delete)> plan)
    {
        var bytes = plan.Sum(one => one.Bytes);
        if (!parse.GetValue(yes))
        {
            foreach (var (what, size, _) in plan)
                context.Terminal.Say($"  {what}: {Size(size)}");
            if (!context.Terminal.Ask($"Delete {(plan.Count == 1 ? "this" : $"these {plan.Count}")}, {Size(bytes)} in all?"))
                throw new UsageException("Nothing was deleted. To delete without a question: --yes");
        }
        foreach (var (_, _, delete) in plan)
            await delete();
        context.Terminal.Answer($"Deleted; {Size(bytes)} are free.", json =>
        {
            json.WriteNumber("deleted", plan.Count);
            json.WriteNumber("bytes", bytes);
        });
        return ExitCode.Done;
    }

    /// <summary>
    /// The archives of code that no sweep needs, as entries of a plan. None when the log of a sweep cannot be read: its code is not known.
    /// </summary>
    /// <param name="source">The sweeps.</param>
    /// <param name="archives">The archives.</param>
    /// <param name="needs">Whether a sweep needs its code.</param>
    /// <param name="delete">Deletes an archive.</param>
    /// <param name="cancel">Interrupts.</param>
    protected static async Task<IEnumerable<(string What, long Bytes, Func<Task> Delete)>> UnneededCodeAsync(
        ISweepSource source, IReadOnlyList<StoredCode> archives, Func<SweepHistory, bool> needs, Func<string, Task> delete, CancellationToken cancel)
    {
        var needed = new HashSet<string>();
        foreach (var id in archives.Count == 0 ? [] : await source.ListAsync(cancel))
        {
            try
            {
                var history = await source.FoldAsync(id, cancel);
                if (needs(history) && history.Spec.Trainable is ProgramSpec { Code: { } code })
                    needed.Add(code.Sha256);
            }
            catch (Exception damaged) when (damaged is not (OperationCanceledException or SourceUnavailableException))
            {
                return [];
            }
        }
        return archives.Where(archive => !needed.Contains(archive.Sha256))
            .Select(archive => ($"code {archive.Sha256[..12]}, which no sweep needs", archive.Bytes, (Func<Task>)(() => delete(archive.Sha256))));
    }

    /// <summary>An action of a plan that waits for nothing.</summary>
    protected static Task Done(Action delete)
    {
        delete();
        return Task.CompletedTask;
    }

    /// <summary><c>1.2 MB</c></summary>
    protected static string Size(long bytes) => bytes switch
    {
        < 1000 => $"{bytes} bytes",
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB"),
    };
}

/// <summary><c>sweep delete</c></summary>
public sealed class DeleteCommand : CleaningCommand
{
    private readonly Argument<string[]> sweeps = new("sweep") { Description = "The sweeps, named as for other commands; none is meant without a name.", Arity = ArgumentArity.OneOrMore };

    public DeleteCommand() : base("delete", "Delete sweeps of this machine with their logs, checkpoints and weights, after a question.", SourceKinds.Home) => Arguments.Add(sweeps);

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel)
    {
        await using var source = new FolderSource(context);
        using var log = new FolderLog(context.Home, context.Time);
        var space = new FolderSpace(context.Home, log);
        var code = new FolderCode(context.Home.Code, context.Time);
        var plan = new List<(string, long, Func<Task>)>();
        var ids = new HashSet<string>();
        foreach (var word in parse.GetValue(sweeps)!)
        {
            var id = await source.ResolveAsync(word, cancel);
            if (!ids.Add(id))
                continue;
            if (log.Holder(id) is { } holder)
                throw new UsageException($"Sweep {id} is being worked on by {holder}. To end it: ./sweep cancel {id}");
            plan.Add((id, space.SizeOf(id), () => Done(() => space.Delete(id))));
        }
        plan.AddRange(await UnneededCodeAsync(
            source, await code.ListAsync(cancel), history => !ids.Contains(history.Sweep), sha256 => code.DeleteAsync(sha256, cancel), cancel));
        return await CleanAsync(parse, context, plan);
    }
}

/// <summary><c>sweep prune</c></summary>
public sealed class PruneCommand : CleaningCommand
{
    // A million days fit into a TimeSpan.
    private const int MaxAge = 1_000_000;

    private readonly Option<string?> olderThan = new("--older-than")
    {
        Description = "Delete whole sweeps that ended longer ago than this: 30d, 12h; on a cluster only their code. Without it: checkpoints of ended sweeps, and code of no sweep.",
        HelpName = "time",
    };

    public PruneCommand() : base(
        "prune", "Free disk space: delete the checkpoints of ended sweeps, or old sweeps, and code that no sweep needs, after a question. Weights of best epochs stay.",
        SourceKinds.Home | SourceKinds.Cluster) => Options.Add(olderThan);

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel)
    {
        TimeSpan? age = parse.GetValue(olderThan) is { } text ? Age(text) : null;
        var plan = new List<(string, long, Func<Task>)>();
        if (context.Gateways is not null)
        {
            await using var cluster = context.OpenCluster();
            plan.AddRange(await UnneededCodeAsync(cluster, await cluster.CodeAsync(cancel), Stays, sha256 => cluster.DeleteCodeAsync(sha256, cancel), cancel));
            return await CleanOrSayAsync("No code can be deleted: sweeps need it, or it was sent within the last hour.");
        }
        await using var source = new FolderSource(context);
        using var log = new FolderLog(context.Home, context.Time);
        var space = new FolderSpace(context.Home, log);
        var code = new FolderCode(context.Home.Code, context.Time);
        foreach (var id in await source.ListAsync(cancel))
        {
            if (await ReadAsync(source, id, cancel) is not { } history || !HasEnded(history) || log.Holder(id) is not null)
                continue;
            if (age is null && space.CheckpointsOf(id) is > 0 and var bytes)
                plan.Add(($"checkpoints of {id}", bytes, () => Done(() => space.DeleteCheckpoints(id))));
            else if (!Stays(history))
                plan.Add(($"{id}, ended {history.State.At:u}", space.SizeOf(id), () => Done(() => space.Delete(id))));
        }
        plan.AddRange(await UnneededCodeAsync(source, await code.ListAsync(cancel), Stays, sha256 => code.DeleteAsync(sha256, cancel), cancel));
        return await CleanOrSayAsync(age is null ? "No ended sweep has checkpoints." : $"No sweep ended more than {parse.GetValue(olderThan)} ago.");

        bool Stays(SweepHistory history) => age is not { } least || !HasEnded(history) || context.Now - history.State.At <= least;

        async Task<ExitCode> CleanOrSayAsync(string nothing)
        {
            if (plan.Count > 0)
                return await CleanAsync(parse, context, plan);
            context.Terminal.Answer(nothing, json =>
            {
                json.WriteNumber("deleted", 0);
                json.WriteNumber("bytes", 0);
            });
            return ExitCode.Done;
        }
    }

    /// <summary>Whether the sweep has ended and nothing is left to do.</summary>
    private static bool HasEnded(SweepHistory history) => history.State is { Status: SweepStatus.Ended, HasWork: false };

    /// <summary>The sweep, or null when its log cannot be read.</summary>
    private static async Task<SweepHistory?> ReadAsync(FolderSource source, string id, CancellationToken cancel)
    {
        try
        {
            return await source.FoldAsync(id, cancel);
        }
        catch (Exception damaged) when (damaged is not OperationCanceledException)
        {
            return null;
        }
    }

    private static TimeSpan Age(string text) => double.TryParse(text.AsSpan(0, Math.Max(0, text.Length - 1)), CultureInfo.InvariantCulture, out var number)
        && number is >= 0 and <= MaxAge
        ? text[^1] switch
        {
            'd' => TimeSpan.FromDays(number),
            'h' => TimeSpan.FromHours(number),
            'm' => TimeSpan.FromMinutes(number),
            _ => throw Unknown(text),
        }
        : throw Unknown(text);

    private static UsageException Unknown(string text) =>
        new(string.Create(CultureInfo.InvariantCulture, $"--older-than {text}: expected a number, at most {MaxAge}, with d, h or m, such as 30d."));
}
