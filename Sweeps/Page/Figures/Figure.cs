namespace Sweeps.Page.Figures;

/// <summary>
/// Draws the figures of a report as SVG documents. A figure depends only on its arguments, so the same log gives the same file.
/// </summary>
public static class Figure
{
    private const int Width = 760, Height = 380, LegendWidth = 330;

    /// <summary>The objective of every run against the run number, with the best value so far.</summary>
    /// <param name="title">The text above the figure.</param>
    /// <param name="metric">The name of the objective.</param>
    /// <param name="values">By run number; NaN where a run has no finite value.</param>
    /// <param name="maximize">Whether a larger value is better.</param>
    public static string ObjectiveByRun(string title, string metric, IReadOnlyList<double> values, bool maximize)
    {
        var canvas = new SvgCanvas(Width, Height, title);
        var area = new PlotArea(canvas, Axis.Over("run, in order of creation", [0, values.Count - 1]), Axis.Over(metric, values));
        area.DrawAxes(title);
        var best = new List<(double, double)>();
        var record = double.NaN;
        for (var run = 0; run < values.Count; run++)
        {
            if (!double.IsFinite(values[run]))
                continue;
            canvas.Circle(area.Horizontal(run), area.Vertical(values[run]), 3, Colours.Category(0), 0.55, $"run {run}: {Axis.Label(values[run])}");
            if (double.IsNaN(record) || (maximize ? values[run] > record : values[run] < record))
            {
                if (best.Count > 0)
                    best.Add(area.Point(run, record));
                record = values[run];
                best.Add(area.Point(run, record));
            }
        }
        if (best.Count > 0)
        {
            best.Add(area.Point(values.Count - 1, record));
            canvas.Path(best, Colours.Category(1), 2);
        }
        return canvas.ToString();
    }

    /// <summary>Several lines over one horizontal axis, with their names at the right.</summary>
    /// <param name="title">The text above the figure.</param>
    /// <param name="x">The name of the horizontal axis.</param>
    /// <param name="y">The name of the vertical axis.</param>
    /// <param name="lines">The lines, each with its points in order. Points with a non-finite value are left out.</param>
    public static string Lines(string title, string x, string y, IReadOnlyList<(string Name, IReadOnlyList<(double X, double Y)> Points)> lines)
    {
        var finite = lines.Select(line => line.Points.Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y)).ToList()).ToList();
        var canvas = new SvgCanvas(Width + LegendWidth, Math.Max(Height, 60 + lines.Count * 16), title);
        var area = new PlotArea(canvas, Axis.Over(x, finite.SelectMany(line => line).Select(point => point.X)), Axis.Over(y, finite.SelectMany(line => line).Select(point => point.Y)))
        {
            Right = LegendWidth,
        };
        area.DrawAxes(title);
        for (var i = 0; i < lines.Count; i++)
        {
            var (colour, dashed) = (Colours.Category(i), i / 8 % 2 == 1);
            if (finite[i].Count > 1)
                canvas.Path(finite[i].Select(point => area.Point(point.X, point.Y)), colour, dashed: dashed);
            else if (finite[i].Count == 1)
                canvas.Circle(area.Horizontal(finite[i][0].X), area.Vertical(finite[i][0].Y), 3, colour, 1);
            var top = 44 + i * 16;
            canvas.Path([(canvas.Width - LegendWidth + 10, top - 4), (canvas.Width - LegendWidth + 30, top - 4)], colour, 2, dashed: dashed);
            canvas.Write(canvas.Width - LegendWidth + 36, top, lines[i].Name, size: 11);
        }
        return canvas.ToString();
    }

    /// <summary>Parallel coordinates: one vertical axis per parameter and one for the objective, one line per run, coloured by the objective.</summary>
    /// <param name="title">The text above the figure.</param>
    /// <param name="axes">From left to right, the objective last.</param>
    /// <param name="rows">
    /// One row per run: its position on each axis, in [0, 1] from bottom to top; a row with a non-finite value is not drawn.
    /// </param>
    /// <param name="maximize">Whether a larger objective is better. Lines of better runs are drawn over lines of worse runs.</param>
    public static string ParallelCoordinates(string title, IReadOnlyList<ParallelAxis> axes, IReadOnlyList<IReadOnlyList<double>> rows, bool maximize)
    {
        const int left = 50, right = 60, top = 54, bottom = 24;
        var canvas = new SvgCanvas(Math.Max(Width, 110 * axes.Count), Height + 40, title);
        canvas.Write(16, 20, title, size: 14);
        var gap = (canvas.Width - left - right) / Math.Max(1.0, axes.Count - 1);
        var height = canvas.Height - top - bottom;
        foreach (var row in rows.Where(row => row.All(double.IsFinite)).OrderBy(row => maximize ? row[^1] : -row[^1]))
            canvas.Path(row.Select((share, axis) => (left + axis * gap, canvas.Height - bottom - share * height)), Colours.Scale(maximize ? row[^1] : 1 - row[^1]), 1.2, 0.6);
        for (var i = 0; i < axes.Count; i++)
        {
            var x = left + i * gap;
            canvas.Line(x, top, x, canvas.Height - bottom, Colours.Ink);
            canvas.Write(x, top - 12, axes[i].Name, "middle");
            foreach (var (share, label) in axes[i].Labels)
                canvas.Write(x + 5, canvas.Height - bottom - share * height + 4, label, size: 10, halo: true);
        }
        return canvas.ToString();
    }

    /// <summary>Horizontal bars, one per name.</summary>
    /// <param name="title">The text above the figure.</param>
    /// <param name="bars">From top to bottom; values may be negative.</param>
    public static string Bars(string title, IReadOnlyList<(string Name, double Value)> bars)
    {
        const int names = 220, values = 70, step = 22, top = 40;
        var canvas = new SvgCanvas(Width, top + bars.Count * step + 12, title);
        canvas.Write(16, 20, title, size: 14);
        var (low, high) = (Math.Min(0, bars.Min(bar => bar.Value)), Math.Max(0, bars.Max(bar => bar.Value)));
        var scale = (Width - names - values) / Math.Max(high - low, 1e-12);
        for (var i = 0; i < bars.Count; i++)
        {
            var (y, value) = (top + i * step, bars[i].Value);
            canvas.Write(names - 8, y + 14, bars[i].Name, "end");
            canvas.Rectangle(names + (Math.Min(0, value) - low) * scale, y + 3, Math.Max(1, Math.Abs(value) * scale), step - 6, Colours.Category(value < 0 ? 1 : 0));
            canvas.Write(names + (Math.Max(0, value) - low) * scale + 6, y + 14, Axis.Label(value), colour: Colours.Dim, size: 11);
        }
        return canvas.ToString();
    }

    /// <summary>A confusion matrix: one row per class, one column per prediction.</summary>
    /// <param name="title">The text above the figure.</param>
    /// <param name="classes">Their names, in order.</param>
    /// <param name="count">
    /// Returns the number of examples of a class (first argument, the row) that were predicted as another class (second argument, the
    /// column).
    /// </param>
    public static string Confusion(string title, IReadOnlyList<string> classes, Func<int, int, int> count)
    {
        const int cell = 44, left = 110, top = 64;
        var n = classes.Count;
        var canvas = new SvgCanvas(left + n * cell + 20, top + n * cell + 40, title);
        canvas.Write(16, 20, title, size: 14);
        canvas.Write(left + n * cell / 2.0, canvas.Height - 12, "predicted", "middle");
        for (var row = 0; row < n; row++)
        {
            var total = Enumerable.Range(0, n).Sum(column => count(row, column));
            canvas.Write(left - 8, top + row * cell + cell / 2 + 4, classes[row], "end", size: 11);
            canvas.Write(left + row * cell + cell / 2, top - 8, Shorten(classes[row]), "middle", size: 10);
            for (var column = 0; column < n; column++)
            {
                var share = total > 0 ? (double)count(row, column) / total : 0;
                canvas.Rectangle(left + column * cell, top + row * cell, cell - 1, cell - 1, Colours.Scale(Math.Sqrt(share)));
                if (count(row, column) > 0)
                    canvas.Write(left + column * cell + cell / 2, top + row * cell + cell / 2 + 4, $"{count(row, column)}", "middle", share > 0.4 ? Colours.Ink : Colours.Paper, 11);
            }
        }
        return canvas.ToString();

        static string Shorten(string name) => name.Length <= 7 ? name : name[..6] + "…";
    }

    /// <summary>One image per class with its name below.</summary>
    /// <param name="title">The text above the figure.</param>
    /// <param name="images">Name and PNG image of each class.</param>
    public static string Images(string title, IReadOnlyList<(string Name, byte[] Png)> images)
    {
        const int size = 84, columns = 5, gap = 50, top = 40;
        var canvas = new SvgCanvas(20 + columns * (size + gap), top + (images.Count + columns - 1) / columns * (size + 34), title);
        canvas.Write(16, 20, title, size: 14);
        for (var i = 0; i < images.Count; i++)
        {
            var (x, y) = (20 + i % columns * (size + gap), top + i / columns * (size + 34));
            canvas.Image(x, y, size, size, images[i].Png);
            canvas.Write(x + size / 2.0, y + size + 16, images[i].Name, "middle", size: 11);
        }
        return canvas.ToString();
    }
}

/// <summary>An axis of <see cref="Figure.ParallelCoordinates"/>.</summary>
/// <param name="Name">The text above the axis.</param>
/// <param name="Labels">The texts beside the axis, each at its position in [0, 1] from bottom to top.</param>
public sealed record ParallelAxis(string Name, IReadOnlyList<(double Share, string Label)> Labels);
