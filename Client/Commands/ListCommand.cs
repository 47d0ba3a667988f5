using System.CommandLine;
using Client.Output;
using Client.Sources;
using Client.Views;

namespace Client.Commands;

/// <summary><c>sweep list</c></summary>
public sealed class ListCommand : ReadingCommand
{
    private readonly Option<string[]> tags = new("--tag", "-t") { Description = "Only sweeps with this tag; with all of several.", HelpName = "tag", AllowMultipleArgumentsPerToken = true };

    public ListCommand() : base("list", "All sweeps, newest first: state, date, data, method, best value.") => Options.Add(tags);

    /// <inheritdoc/>
    protected override bool SaysPoint => false;

    /// <inheritdoc/>
    protected override async Task ShowAsync(ParseResult parse, CommandContext context, ISweepSource source, CancellationToken cancel)
    {
        var (sweeps, damaged) = (new List<SweepHistory>(), new List<(string Sweep, string Reason)>());
        foreach (var id in await source.ListAsync(cancel))
        {
            try
            {
                sweeps.Add(await source.FoldAsync(id, cancel));
            }
            catch (SweepNotBegunException)
            {
                // At the point of --at the sweep did not exist.
            }
            catch (Exception e) when (e is not (UsageException or OperationCanceledException))
            {
                // The list shows the reason why a log cannot be read, and continues with the other sweeps.
                damaged.Add((id, e.Message));
            }
        }

        var wanted = parse.GetValue(tags) ?? [];
        if (wanted.Length > 0)
        {
            sweeps.RemoveAll(sweep => !wanted.All(sweep.TagsOf(null).Contains));
            damaged.Clear();
        }
        if (context.Terminal.Json)
            context.Terminal.WriteData(SweepJson.Sweeps(sweeps, damaged));
        else if (sweeps.Count + damaged.Count == 0 && wanted.Length > 0)
            context.Terminal.Say($"No sweep in {source.Place} has {(wanted.Length == 1 ? "the tag" : "all of the tags")} {string.Join(", ", wanted)}.");
        else if (sweeps.Count + damaged.Count == 0)
            context.Terminal.Say($"No sweeps in {source.Place} yet. Start with: ./sweep demo");
        else
            context.Terminal.WriteTable(width => SweepList.Build(sweeps, damaged, context.Time.LocalTimeZone, width));
    }
}
