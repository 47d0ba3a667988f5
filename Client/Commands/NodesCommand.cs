using System.CommandLine;
using System.Text.Json;
using Client.Output;

namespace Client.Commands;

/// <summary><c>sweep nodes</c></summary>
public sealed class NodesCommand() : SweepCommand("nodes", "The nodes of a cluster, their slots and data sets.", SourceKinds.Cluster)
{
    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel)
    {
        await using var source = context.OpenCluster();
        var nodes = await source.NodesAsync(cancel);
        if (context.Terminal.Json)
            context.Terminal.WriteData(JsonSerializer.Serialize(nodes, JsonSerializerOptions.Web));
        else if (nodes.Count == 0)
            context.Terminal.Say($"No nodes in {source.Place}. Start one with: dotnet run --project Silo");
        else
            context.Terminal.WriteTable(width => NodeTable.Build(nodes, width));
        return ExitCode.Done;
    }
}
