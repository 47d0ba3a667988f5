using Spectre.Console;
using Spectre.Console.Rendering;
using Sweeps.Files;

namespace Client.Output;

/// <summary>A cell of a table: its content and its width in terminal cells.</summary>
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
/// <param name="Name">Its name, for the note on omitted columns.</param>
/// <param name="Cells">The cells, one per row.</param>
public sealed record TableColumn(string Name, IReadOnlyList<Cell> Cells)
{
    /// <summary>The heading; one longer than <see cref="MaxHeadWidth"/> is cut.</summary>
    public string Head { get; init; } = Name;

    /// <summary>The width to which a heading is cut, unless the cells are wider.</summary>
    public int MaxHeadWidth { get; init; } = 14;

    public bool Right { get; init; }

    /// <summary>
    /// The order in which columns are left out of a table that is too wide: the highest rank first. Rank 0 is never left out.
    /// </summary>
    public int Rank { get; init; }

    /// <summary>Whether the note on omitted columns names this column.</summary>
    public bool Mentioned { get; init; } = true;

    /// <summary>The width in terminal cells, without the gap.</summary>
    public int Width => Math.Max(Cells.Select(cell => cell.Width).DefaultIfEmpty().Max(), Math.Min(Format.CellWidth(Format.Fit(Head, int.MaxValue)), MaxHeadWidth));
}

/// <summary>Renders a table with as many columns as fit.</summary>
public static class Table
{
    private const int Indent = 2, Gap = 2;

    /// <summary>The width of a table with all columns.</summary>
    public static int WidthOf(IEnumerable<TableColumn> columns) => columns.Sum(column => column.Width + Gap) - Gap + Indent;

    /// <summary>The table for <paramref name="width"/> terminal cells, with a note that names the omitted columns.</summary>
    /// <param name="columns">At least one, all with the same number of rows.</param>
    /// <param name="width">The terminal's columns.</param>
    /// <param name="hint">The hint in the note: how to see the omitted columns.</param>
    /// <param name="brief">Whether the note is cut to one line.</param>
    public static IRenderable Build(IReadOnlyList<TableColumn> columns, int width, string hint, bool brief = false)
    {
        var kept = Fitting(columns, width);
        var grid = new Grid { Expand = false };
        for (var i = 0; i < kept.Count; i++)
            grid.AddColumn(new GridColumn
            {
                // If even the columns of rank 0 do not fit, the last one gets the remaining width.
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

/// <summary>Wraps text between words and indents it.</summary>
public static class Lines
{
    /// <summary>A wrapped text, indented by two cells. Spectre.Console breaks a word that is longer than a line.</summary>
    public static IRenderable Of(string text, int width, Style? style = null) => 
        new Text(string.Join('\n', Wrap(PlainText.Escape(text), width - 2).Select(line => "  " + line)), style);

    /// <summary>The wrapped lines of a text. The leading spaces of a line are repeated on its continuation lines.</summary>
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
