using System.CommandLine;
using Client.Output;
using Client.Sources;
using Client.Views;

namespace Client.Commands;

/// <summary><c>sweep list</c></summary>
public sealed class ListCommand() : ReadingCommand("list", "All sweeps, newest first, with their best run.")
{
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
                // It is not in the list of that time.
            }
            catch (Exception e) when (e is not (UsageException or OperationCanceledException))
            {
                // The list shows a log that cannot be read with the reason, and goes on with the others.
                damaged.Add((id, e.Message));
            }
        }

        if (context.Terminal.Json)
            context.Terminal.WriteData(SweepJson.Sweeps(sweeps, damaged));
        else if (sweeps.Count + damaged.Count == 0)
            context.Terminal.Say($"No sweeps in {source.Place} yet. Start with: ./sweep demo");
        else
            context.Terminal.Out.Write(SweepList.Build(sweeps, damaged, context.Now, context.Terminal.Width));
    }
}
