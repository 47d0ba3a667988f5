using Spectre.Console;
using Spectre.Console.Rendering;
using Sweeps.Files;

namespace Client.Rendering;

/// <summary>Names and values in two columns; a value that does not fit is continued under itself.</summary>
public static class Facts
{
    /// <summary>The two columns, indented by two.</summary>
    public static IRenderable Build(IEnumerable<(string Name, string Value)> facts, int width)
    {
        var all = facts.ToList();
        var nameWidth = Math.Min(all.Select(fact => fact.Name.Length).Append(1).Max(), Math.Max(8, width / 2));
        var grid = new Grid { Expand = false }
            .AddColumn(new GridColumn { Width = nameWidth, NoWrap = true, Padding = new Padding(2, 0, 2, 0) })
            .AddColumn(new GridColumn { Padding = new Padding(0, 0, 0, 0) });
        foreach (var (name, value) in all)
            grid.AddRow(new Text(Words.Fit(name, nameWidth), Palette.Dim), new Text(PlainText.Escape(value, oneLine: true)));
        return grid;
    }
}
