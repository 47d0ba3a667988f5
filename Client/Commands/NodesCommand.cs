using System.CommandLine;
using System.Text.Json;
using Client.Rendering;
using Client.Sources;

namespace Client.Commands;

/// <summary><c>sweep nodes</c></summary>
public sealed class NodesCommand() : SweepCommand("nodes", "The nodes of a cluster, their slots and data sets.", Places.Cluster)
{
    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parse, Session session, CancellationToken cancel)
    {
        await using var source = session.OpenCluster();
        var nodes = await source.NodesAsync(cancel);
        if (session.Terminal.Json)
            session.Terminal.WriteData(JsonSerializer.Serialize(nodes, JsonSerializerOptions.Web));
        else if (nodes.Count == 0)
            session.Terminal.Say($"No nodes in {source.Place}. Start one with: dotnet run --project Silo");
        else
            session.Terminal.Out.Write(NodeTable.Build(nodes));
        return ExitCode.Done;
    }
}
