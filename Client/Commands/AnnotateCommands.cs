using System.CommandLine;
using Client.Sources;
using Client.Views;
using Sweeps.Core;

namespace Client.Commands;

/// <summary><c>sweep rename</c>, <c>sweep note</c>, <c>sweep tag</c>: record an annotation as an event in the sweep's log.</summary>
public sealed class AnnotateCommand : SteerCommand
{
    private readonly Annotation what;
    private readonly Argument<string> text;
    private readonly Option<int?> run = new("--run", "-r") { Description = "This run instead of the sweep.", HelpName = "number" };
    private readonly Option<bool> remove = new("--remove") { Description = "Remove the tag." };

    private AnnotateCommand(string name, string description, Annotation what, Argument<string> text) : base(name, description, text)
    {
        (this.what, this.text) = (what, text);
        if (what != Annotation.Name)
            Options.Add(run);
        if (what == Annotation.Tag)
            Options.Add(remove);
    }

    public static AnnotateCommand Rename() => new(
        "rename", "Give a sweep another name, under which it is listed and found; its id stays.", Annotation.Name, new("name") { Description = "The new name." });

    public static AnnotateCommand Note() => new(
        "note", "Add a note to a sweep or to one of its runs.", Annotation.Note, new("text") { Description = "The note." });

    public static AnnotateCommand Tag() => new(
        "tag", "Add a tag to a sweep or to one of its runs, for `list --tag` and `top --where`.", Annotation.Tag, new("tag") { Description = "The tag: one word." });

    /// <summary>The id of the sweep. If there is none with this name and the first argument names one, the error says that the sweep comes last.</summary>
    protected override async Task<string> ResolveAsync(string? wanted, ParseResult parse, ISweepSource source, CancellationToken cancel)
    {
        var first = parse.GetValue(text)!;
        try
        {
            var id = await base.ResolveAsync(wanted, parse, source, cancel);
            if (what == Annotation.Name)
                await CheckNameAsync(first, id, source, cancel);
            return id;
        }
        catch (UsageException) when (wanted is not null)
        {
            if ((await source.ListAsync(cancel)).Contains(first))
                throw new UsageException($"There is no sweep '{wanted}', but '{first}' is one: the sweep comes last, as in ./sweep {Name} {wanted} {first}");
            throw;
        }
    }

    /// <summary>Refuses a name that <see cref="SweepSources.ResolveAsync"/> would resolve to another sweep.</summary>
    private static async Task CheckNameAsync(string name, string id, ISweepSource source, CancellationToken cancel)
    {
        if (name.EndsWith(SweepSources.Newest, StringComparison.Ordinal))
            throw new UsageException($"'{name}' means the newest sweep, so that it cannot be a name. Choose another.");
        if ((await source.ListAsync(cancel)).FirstOrDefault(other => other != id && other.StartsWith(name, StringComparison.Ordinal)) is { } taken)
            throw new UsageException($"'{name}' is the beginning of another sweep's id, {taken}, which is found by it. Choose another name.");
    }

    /// <inheritdoc/>
    protected override SteerAction Read(ParseResult parse, SweepHistory history)
    {
        var (word, number) = (parse.GetValue(text)!, what == Annotation.Name ? null : parse.GetValue(run));
        if (number is { } of)
            history.Run(of);
        if (what != Annotation.Tag || !parse.GetValue(remove))
            return new SteerAction.Annotate(what, word, number);
        return history.TagsOf(number).Contains(word) ? new SteerAction.Annotate(Annotation.Untag, word, number)
            : throw new UsageException($"{(number is null ? $"Sweep {history.Sweep}" : $"Run {number} of {history.Sweep}")} has no tag '{word}'. "
                + (history.TagsOf(number) is { Count: > 0 } tags ? $"Its tags: {string.Join(", ", tags)}." : "It has no tags."));
    }
}
