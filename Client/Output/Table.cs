using Spectre.Console;
using Spectre.Console.Rendering;
using Sweeps.Files;

namespace Client.Output;

/// <summary>A cell of a table: what is drawn and how many terminal cells it takes.</summary>
public readonly record struct Cell(IRenderable Content, int Width)
{
    /// <summary>A text on one line, with control characters escaped.</summary>
    public static Cell Of(string text, Style? style = null)
    {
        var shown = Format.Fit(text, int.MaxValue);
        return new Cell(new Text(shown, style), Format.CellWidth(shown));
    }
}

/// <summary>A column of a table.</summary>
/// <param name="Name">Its name, for the sentence about the columns that are left out.</param>
/// <param name="Cells">One per row.</param>
public sealed record TableColumn(string Name, IReadOnlyList<Cell> Cells)
{
    /// <summary>What stands above the column; a long one is cut.</summary>
    public string Head { get; init; } = Name;

    /// <summary>A longer head is cut, unless the cells are as wide.</summary>
    public int WidestHead { get; init; } = 14;

    public bool Right { get; init; }

    /// <summary>Where the table is too wide, the column with the greatest rank is left out first; one with rank 0 never is.</summary>
    public int Rank { get; init; }

    /// <summary>Whether leaving it out is mentioned.</summary>
    public bool Mentioned { get; init; } = true;

    /// <summary>In terminal cells, without the gap.</summary>
    public int Width => Math.Max(Cells.Select(cell => cell.Width).DefaultIfEmpty().Max(), Math.Min(Format.CellWidth(Head), WidestHead));
}

/// <summary>Columns side by side, as many as fit.</summary>
public static class Table
{
    private const int Indent = 2, Gap = 2;

    /// <summary>The width of a table that nothing is left out of.</summary>
    public static int WidthOf(IEnumerable<TableColumn> columns) => columns.Sum(column => column.Width + Gap) - Gap + Indent;

    /// <summary>The table for <paramref name="width"/> terminal cells; below it the names of the columns that did not fit.</summary>
    /// <param name="columns">At least one, all with as many rows.</param>
    /// <param name="width">The terminal's columns.</param>
    /// <param name="hint">How to see what was left out.</param>
    /// <param name="brief">Whether the names of the columns left out get one line only.</param>
    public static IRenderable Build(IReadOnlyList<TableColumn> columns, int width, string hint, bool brief = false)
    {
        var kept = Fitting(columns, width);
        var grid = new Grid { Expand = false };
        for (var i = 0; i < kept.Count; i++)
            grid.AddColumn(new GridColumn
            {
                // The last column gets what is left when even the columns that are never left out do not fit.
                Width = i == kept.Count - 1 ? Math.Max(1, Math.Min(kept[i].Width, width - WidthOf(kept) + kept[i].Width)) : kept[i].Width,
                NoWrap = true, Alignment = kept[i].Right ? Justify.Right : Justify.Left,
                Padding = new Padding(i == 0 ? Indent : 0, 0, i == kept.Count - 1 ? 0 : Gap, 0),
            });
        grid.AddRow([.. kept.Select(column => (IRenderable)new Text(Format.Fit(column.Head, column.Width), Palette.Dim))]);
        for (var row = 0; row < columns[0].Cells.Count; row++)
            grid.AddRow([.. kept.Select(column => column.Cells[row].Content)]);
        var lost = columns.Except(kept).Where(column => column.Mentioned).Select(column => column.Name).ToList();
        if (lost.Count == 0)
            return grid;
        var note = $"left out: {string.Join(", ", lost)} ({hint})";
        return new Rows(grid, brief ? new Text(Format.Fit("  " + note, width), Palette.Dim) : Lines.Of(note, width, Palette.Dim));
    }

    private static List<TableColumn> Fitting(IReadOnlyList<TableColumn> columns, int width)
    {
        var kept = columns.ToList();
        while (WidthOf(kept) > width && kept.Exists(column => column.Rank > 0))
            kept.Remove(kept.MaxBy(column => column.Rank)!);
        return kept;
    }
}

/// <summary>Text that is wrapped between words and indented.</summary>
public static class Lines
{
    /// <summary>A sentence, indented by two; a word that is longer than a line is broken.</summary>
    public static IRenderable Of(string text, int width, Style? style = null) => 
        new Text(string.Join('\n', Wrap(PlainText.Escape(text), width - 2).Select(line => "  " + line)), style);

    /// <summary>The lines of a text. Spaces at the beginning of a line are kept and repeated on the lines that continue it.</summary>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            if (Format.CellWidth(line) <= width)
            {
                yield return line;
                continue;
            }
            var indent = line[..^line.TrimStart(' ').Length];
            if (indent.Length >= width / 2)
                indent = "";
            var (start, current) = (true, indent);
            foreach (var word in line.Trim(' ').Split(' '))
            {
                if (!start && Format.CellWidth(current) + 1 + Format.CellWidth(word) > width)
                {
                    yield return current;
                    (start, current) = (true, indent);
                }
                current += start ? word : " " + word;
                start = false;
            }
            yield return current;
        }
    }
}
