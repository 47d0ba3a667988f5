using Spectre.Console;
using Spectre.Console.Rendering;
using Sweeps.Core;
using Sweeps.Files;

namespace Client.Output;

/// <summary>The styles of all output: accent, best run, errors, plain and dim.</summary>
public static class Palette
{
    private static readonly Style[] Curves =
    [
        new(new Color(86, 180, 233)), new(new Color(230, 159, 0)), new(new Color(0, 158, 115)), new(new Color(204, 121, 167)),
        new(new Color(213, 94, 0)), new(new Color(240, 228, 66)), new(new Color(0, 114, 178)), new(new Color(160, 160, 160)),
    ];

    public static Style Dim { get; } = new(decoration: Decoration.Dim);

    public static Style Plain { get; } = Style.Plain;

    /// <summary>The style of commands and of the progress bars of running runs.</summary>
    public static Style Accent { get; } = new(Color.SteelBlue1);

    /// <summary>The style of the best run.</summary>
    public static Style Good { get; } = new(Color.DarkSeaGreen2, decoration: Decoration.Bold);

    /// <summary>The style of errors and obstacles.</summary>
    public static Style Trouble { get; } = new(Color.IndianRed);

    /// <summary>The colour of the n-th curve of a chart: eight colours for the colour-blind (Okabe and Ito), repeated cyclically.</summary>
    public static Style Curve(int index) => Curves[index % Curves.Length];

    /// <summary>The style of a run's row.</summary>
    public static Style Of(RunState state) => state switch
    {
        RunState.Running => Plain,
        RunState.Finished => Plain,
        RunState.Diverged or RunState.Failed => Trouble,
        _ => Dim,
    };
}

/// <summary>Renders names and values in two columns; a long value is wrapped inside its column.</summary>
public static class NameValueTable
{
    /// <summary>The table, indented by two cells.</summary>
    public static IRenderable Build(IEnumerable<(string Name, string Value)> rows, int width)
    {
        var all = rows.Select(row => (Name: PlainText.Escape(row.Name, oneLine: true), row.Value)).ToList();
        var nameWidth = Math.Min(all.Select(row => Format.CellWidth(row.Name)).Append(1).Max(), Math.Max(8, width / 2));
        var grid = new Grid { Expand = false }
            .AddColumn(new GridColumn { Width = nameWidth, NoWrap = true, Padding = new Padding(2, 0, 2, 0) })
            .AddColumn(new GridColumn { Padding = new Padding(0, 0, 0, 0) });
        foreach (var (name, value) in all)
            grid.AddRow(new Text(Format.Fit(name, nameWidth), Palette.Dim), new Text(PlainText.Escape(value, oneLine: true)));
        return grid;
    }
}

/// <summary>The commands that show details of a sweep with a best run, each with an explanation.</summary>
public static class NextCommands
{
    /// <summary>One line per command. All explanations are left out when one of them does not fit.</summary>
    /// <param name="sweep">The sweep's id.</param>
    /// <param name="best">The number of its best run.</param>
    /// <param name="model">Whether the sweep trains networks, whose weights can be exported.</param>
    /// <param name="width">The terminal's columns.</param>
    public static IRenderable Build(string sweep, int best, bool model, int width)
    {
        (string Command, string Explanation)[] all =
        [
            ($"./sweep why {best} {sweep}", "every decision about it"),
            ($"./sweep show {sweep} --run {best}", "its learning curve and metrics"),
            ($"./sweep top {sweep}", "the best runs"),
            ($"./sweep importance {sweep}", "which hyperparameters mattered"),
            model ? ($"./sweep export {sweep} --weights best.npz", "the best model") : ($"./sweep export {sweep} --runs runs.csv", "all runs, for a spreadsheet"),
        ];
        var column = all.Max(one => one.Command.Length) + 2;
        var explained = all.All(one => 2 + column + one.Explanation.Length <= width);
        return new Rows(all.Select(one => new Paragraph()
            .Append("  ").Append(one.Command, Palette.Accent)
            .Append(explained ? new string(' ', column - one.Command.Length) + one.Explanation : "", Palette.Dim)));
    }
}
