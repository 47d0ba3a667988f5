using System.CommandLine;
using Client.Rendering;
using Client.Sources;

namespace Client.Commands;

/// <summary><c>sweep list</c></summary>
public sealed class ListCommand() : SweepCommand("list", "All sweeps, newest first, with their best run.")
{
    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parse, Session session, CancellationToken cancel)
    {
        await using var source = session.OpenSource();
        var sweeps = new List<Views.SweepHistory>();
        foreach (var id in await source.ListAsync(cancel))
            sweeps.Add(await source.FoldAsync(id, cancel));

        if (session.Terminal.Json)
            session.Terminal.WriteData(SweepJson.Sweeps(sweeps));
        else if (sweeps.Count == 0)
            session.Terminal.Say($"No sweeps in {source.Place} yet. Start with: ./sweep demo");
        else
            session.Terminal.Out.Write(SweepList.Build(sweeps, session.Now, session.Terminal.Width));
        return ExitCode.Done;
    }
}
