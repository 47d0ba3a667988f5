using System.CommandLine;
using Client.Rendering;
using Client.Sources;
using Client.Views;

namespace Client.Commands;

/// <summary><c>sweep list</c></summary>
public sealed class ListCommand() : SweepCommand("list", "All sweeps, newest first, with their best run.")
{
    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parse, Session session, CancellationToken cancel)
    {
        await using var source = session.OpenSource();
        var (sweeps, damaged) = (new List<SweepHistory>(), new List<(string Sweep, string Reason)>());
        foreach (var id in await source.ListAsync(cancel))
        {
            try
            {
                sweeps.Add(await source.FoldAsync(id, cancel));
            }
            catch (Exception e) when (e is not (UsageException or OperationCanceledException))
            {
                // One log that cannot be read does not hide the others.
                damaged.Add((id, e.Message));
            }
        }

        if (session.Terminal.Json)
            session.Terminal.WriteData(SweepJson.Sweeps(sweeps, damaged));
        else if (sweeps.Count + damaged.Count == 0)
            session.Terminal.Say($"No sweeps in {source.Place} yet. Start with: ./sweep demo");
        else
            session.Terminal.Out.Write(SweepList.Build(sweeps, damaged, session.Now, session.Terminal.Width));
        return ExitCode.Done;
    }
}
