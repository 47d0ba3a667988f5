using Grains.Contracts;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Client.Output;

/// <summary>
/// Renders the nodes of a cluster: name, slots, state, sweeps, data sets, resources; and below, the problems that keep them from working.
/// </summary>
public static class NodeTable
{
    public static IRenderable Build(IReadOnlyList<NodeMessage> nodes)
    {
        var grid = new Grid { Expand = false };
        for (var column = 0; column < 6; column++)
            grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(column == 0 ? 2 : 0, 0, 2, 0) });
        grid.AddRow(Cells("node", "slots busy", "state", "trains", "data sets", "resources", Palette.Dim));
        foreach (var node in nodes)
            grid.AddRow(Cells(
                node.Name, $"{node.Busy} of {node.Slots}", node.Draining ? "draining" : node.Trouble is null ? "up" : "in trouble",
                Listed((node.Sweeps ?? []).Where(sweep => sweep.Slots > 0).Select(sweep => $"{sweep.Sweep} ({sweep.Slots})")), Listed(node.Datasets), node.Resources ?? "–", Palette.Plain));
        return new Rows([grid, .. nodes.SelectMany(Troubles).Select(trouble => new Text("  " + trouble, Palette.Trouble))]);
    }

    private static IEnumerable<string> Troubles(NodeMessage node) =>
        (node.Sweeps ?? []).Where(sweep => sweep.Obstacle is not null).Select(sweep => $"{node.Name}, sweep {sweep.Sweep}: {sweep.Obstacle}.")
            .Prepend(node.Trouble is null ? "" : $"{node.Name}: {node.Trouble}.").Where(line => line.Length > 0);

    private static string Listed(IEnumerable<string> names) => names.Any() ? string.Join(", ", names) : "–";

    private static IRenderable[] Cells(string name, string slots, string state, string trains, string datasets, string resources, Style style) =>
        [new Text(name, style), new Text(slots, style), new Text(state, style), new Text(trains, style), new Text(datasets, style), new Text(resources, style)];
}
