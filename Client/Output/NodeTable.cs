using Grains.Contracts;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Client.Output;

/// <summary>
/// Renders the nodes of a cluster: name, slots, state, sweeps, data sets, resources; and below, the problems that keep them from working.
/// </summary>
public static class NodeTable
{
    public static IRenderable Build(IReadOnlyList<NodeMessage> nodes, int width)
    {
        List<TableColumn> columns =
        [
            new("node", Cells(node => node.Name)),
            new("slots busy", Cells(node => $"{node.Busy} of {node.Slots}")),
            new("state", Cells(node => node.Draining ? "draining" : node.Trouble is null ? "up" : "in trouble")),
            new("trains", Cells(node => Listed((node.Sweeps ?? []).Where(sweep => sweep.Slots > 0).Select(sweep => $"{sweep.Sweep} ({sweep.Slots})")))) { Rank = 1 },
            new("data sets", Cells(node => Listed(node.Datasets))) { Rank = 2 },
            .. nodes.Any(node => node.Resources is not null) ? [new TableColumn("resources", Cells(node => node.Resources ?? "–")) { Rank = 3 }] : Array.Empty<TableColumn>(),
        ];
        return new Rows([
            Table.Build(columns, width, "a wider terminal shows more"),
            .. nodes.SelectMany(Troubles).Select(trouble => Lines.Of(trouble, width, Palette.Trouble)),
        ]);

        List<Cell> Cells(Func<NodeMessage, string> text) => [.. nodes.Select(node => Cell.Of(text(node)))];
    }

    private static IEnumerable<string> Troubles(NodeMessage node) =>
        (node.Sweeps ?? []).Where(sweep => sweep.Obstacle is not null).Select(sweep => $"{node.Name}, sweep {sweep.Sweep}: {sweep.Obstacle}.")
            .Prepend(node.Trouble is null ? "" : $"{node.Name}: {node.Trouble}.").Where(line => line.Length > 0);

    private static string Listed(IEnumerable<string> names) => names.Any() ? string.Join(", ", names) : "–";
}
