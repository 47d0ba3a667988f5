using Client.Sources;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Client.Rendering;

/// <summary>Nodes in rows: name, slots, what they have.</summary>
public static class NodeTable
{
    /// <summary>The table.</summary>
    public static IRenderable Build(IReadOnlyList<NodeRow> nodes)
    {
        var grid = new Grid { Expand = false };
        for (var column = 0; column < 4; column++)
            grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(column == 0 ? 2 : 0, 0, 2, 0) });
        grid.AddRow(Cells("node", "slots busy", "state", "data sets", Palette.Dim));
        foreach (var node in nodes)
            grid.AddRow(Cells(
                node.Name, $"{node.Busy} of {node.Slots}", node.Draining ? "draining" : "up",
                node.Datasets.Count == 0 ? "–" : string.Join(", ", node.Datasets), Palette.Plain));
        return grid;
    }

    private static IRenderable[] Cells(string name, string slots, string state, string datasets, Style style) =>
        [new Text(name, style), new Text(slots, style), new Text(state, style), new Text(datasets, style)];
}
