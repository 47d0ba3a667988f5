using System.CommandLine;
using System.Globalization;
using Client.Sources;
using Sweeps.Core;
using Sweeps.Log.Folder;

namespace Client.Commands;

/// <summary>A command that deletes files of sweeps on this machine, after confirmation by the user or with <c>--yes</c>.</summary>
public abstract class CleaningCommand : SweepCommand
{
    private readonly Option<bool> yes = new("--yes", "-y") { Description = "Delete without asking." };

    /// <param name="name">Its name.</param>
    /// <param name="description">The description in the help.</param>
    protected CleaningCommand(string name, string description) : base(name, description, SourceKinds.Home) => Options.Add(yes);

    /// <summary>Deletes everything in <paramref name="plan"/> after the user has confirmed it.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="context">The terminal.</param>
    /// <param name="plan">A description of each deletion, the bytes that it frees, and the action that carries it out.</param>
    protected ExitCode Clean(ParseResult parse, CommandContext context, IReadOnlyList<(string What, long Bytes, Action Delete)> plan)
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
            delete();
        context.Terminal.Answer($"Deleted; {Size(bytes)} are free.", json =>
        {
            json.WriteNumber("deleted", plan.Count);
            json.WriteNumber("bytes", bytes);
        });
        return ExitCode.Done;
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

    public DeleteCommand() : base("delete", "Delete sweeps of this machine with their logs, checkpoints and weights, after a question.") => Arguments.Add(sweeps);

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel)
    {
        await using var source = new FolderSource(context);
        using var log = new FolderLog(context.Home, context.Time);
        var space = new FolderSpace(context.Home, log);
        var plan = new List<(string, long, Action)>();
        var ids = new HashSet<string>();
        foreach (var word in parse.GetValue(sweeps)!)
        {
            var id = await source.ResolveAsync(word, cancel);
            if (!ids.Add(id))
                continue;
            if (log.Holder(id) is { } holder)
                throw new UsageException($"Sweep {id} is being worked on by {holder}. To end it: ./sweep cancel {id}");
            plan.Add((id, space.SizeOf(id), () => space.Delete(id)));
        }
        return Clean(parse, context, plan);
    }
}

/// <summary><c>sweep prune</c></summary>
public sealed class PruneCommand : CleaningCommand
{
    private readonly Option<string?> olderThan = new("--older-than")
    {
        Description = "Delete whole sweeps that ended longer ago than this: 30d, 12h. Without it only checkpoints of ended sweeps are deleted.",
        HelpName = "time",
    };

    public PruneCommand() : base("prune", "Free disk space: delete the checkpoints of ended sweeps, or old sweeps, after a question. Weights of best epochs stay.") => Options.Add(olderThan);

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel)
    {
        TimeSpan? age = parse.GetValue(olderThan) is { } text ? Age(text) : null;
        await using var source = new FolderSource(context);
        using var log = new FolderLog(context.Home, context.Time);
        var space = new FolderSpace(context.Home, log);
        var plan = new List<(string, long, Action)>();
        foreach (var id in await source.ListAsync(cancel))
        {
            if (await EndAsync(source, id, cancel) is not { } ended || log.Holder(id) is not null)
                continue;
            if (age is null && space.CheckpointsOf(id) is > 0 and var bytes)
                plan.Add(($"checkpoints of {id}", bytes, () => space.DeleteCheckpoints(id)));
            else if (age is { } least && context.Now - ended > least)
                plan.Add(($"{id}, ended {ended:u}", space.SizeOf(id), () => space.Delete(id)));
        }
        if (plan.Count > 0)
            return Clean(parse, context, plan);
        context.Terminal.Answer(age is null ? "No ended sweep has checkpoints." : $"No sweep ended more than {parse.GetValue(olderThan)} ago.", json =>
        {
            json.WriteNumber("deleted", 0);
            json.WriteNumber("bytes", 0);
        });
        return ExitCode.Done;
    }

    /// <summary>The time at which a sweep ended, if it has no pending work; null otherwise, and for a log that cannot be read.</summary>
    private static async Task<DateTimeOffset?> EndAsync(FolderSource source, string id, CancellationToken cancel)
    {
        try
        {
            var history = await source.FoldAsync(id, cancel);
            return history.State is { Status: SweepStatus.Ended, HasWork: false } ? history.State.At : null;
        }
        catch (Exception damaged) when (damaged is not OperationCanceledException)
        {
            return null;
        }
    }

    private static TimeSpan Age(string text) => double.TryParse(text.AsSpan(0, Math.Max(0, text.Length - 1)), CultureInfo.InvariantCulture, out var number) && number >= 0
        ? text[^1] switch
        {
            'd' => TimeSpan.FromDays(number),
            'h' => TimeSpan.FromHours(number),
            'm' => TimeSpan.FromMinutes(number),
            _ => throw Unknown(text),
        }
        : throw Unknown(text);

    private static UsageException Unknown(string text) => new($"--older-than {text}: expected a number with d, h or m, such as 30d.");
}
