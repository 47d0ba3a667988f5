using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Client.Output;

/// <summary>A curve of a chart.</summary>
/// <param name="Name">The name in the legend.</param>
/// <param name="Values">The values, epoch 1 first. A value that is not finite is drawn as × at the upper edge.</param>
/// <param name="Style">The colour.</param>
/// <param name="Mark">The letter with which the curve is drawn; null for a line.</param>
/// <param name="Dashed">Whether the line is dashed, which distinguishes curves without colours.</param>
public sealed record ChartCurve(string Name, IReadOnlyList<double> Values, Style Style, char? Mark = null, bool Dashed = false);

/// <summary>Draws curves over epochs with axes as text.</summary>
public static class LineChart
{
    private const int MaxPlotWidth = 100;

    /// <summary>
    /// The lines of the chart, at most <paramref name="width"/> cells wide: the legend if requested, <paramref name="height"/> rows of the
    /// plot with the vertical axis, and the axis of epochs. The first curve is drawn over the others.
    /// </summary>
    public static IReadOnlyList<Paragraph> Build(IReadOnlyList<ChartCurve> curves, int width, int height, bool legend = true)
    {
        var finite = curves.SelectMany(curve => curve.Values).Where(double.IsFinite).ToList();
        var (low, high) = finite.Count > 0 ? (finite.Min(), finite.Max()) : (0, 1);
        // Values that differ only by rounding count as equal: the steps of an axis over them would be too small to change a double, and the
        // loop over the labels would not end.
        if (high - low <= 1e-12 * Math.Max(Math.Abs(low), Math.Abs(high)))
            (low, high) = (low - Math.Max(Math.Abs(low) * 0.1, 0.01), high + Math.Max(Math.Abs(high) * 0.1, 0.01));
        var labels = Labels(low, high, height);
        var gutter = labels.Max(label => label.Length);
        var epochs = Math.Max(1, curves.Max(curve => curve.Values.Count));
        var plot = Math.Clamp(width - gutter - 4, 1, MaxPlotWidth);
        var cells = new (char Mark, Style Style)[height, plot];
        foreach (var curve in curves.Reverse())
            Draw(curve, cells, epochs, value => (int)Math.Round((high - value) / (high - low) * (height - 1)));

        var lines = new List<Paragraph>();
        if (legend)
            lines.Add(Legend(curves, width));
        for (var row = 0; row < height; row++)
        {
            var line = new Paragraph().Append($"  {labels[row].PadLeft(gutter)} {(labels[row].Length > 0 ? '┤' : '│')}", Palette.Dim);
            for (var column = 0; column < plot; column++)
                line.Append(cells[row, column].Mark is '\0' ? " " : cells[row, column].Mark.ToString(), cells[row, column].Style);
            lines.Add(line);
        }
        lines.AddRange(EpochAxis(epochs, plot, gutter).Select(line => new Paragraph().Append(line, Palette.Dim)));
        return lines;
    }

    private static Paragraph Legend(IReadOnlyList<ChartCurve> curves, int width)
    {
        var line = new Paragraph().Append("  ");
        var room = width - 2;
        foreach (var curve in curves)
        {
            var name = Format.Fit($"{curve.Mark?.ToString() ?? (curve.Dashed ? "┄┄" : "──")} {curve.Name}  ", room);
            line.Append(name, curve.Style);
            room -= Format.CellWidth(name);
        }
        if (curves.Any(curve => !curve.Values.All(double.IsFinite)))
            line.Append(Format.Fit("× not finite", room), Palette.Trouble);
        return line;
    }

    private static void Draw(ChartCurve curve, (char Mark, Style Style)[,] cells, int epochs, Func<double, int> rowOf)
    {
        var (plot, values) = (cells.GetLength(1), curve.Values);
        int? before = null;
        for (var column = 0; column < plot; column++)
        {
            var at = epochs == 1 ? 0 : column * (epochs - 1.0) / Math.Max(1, plot - 1);
            if (at > values.Count - 1 || (epochs == 1 && column > 0))
                break;
            var (left, right) = ((int)at, Math.Min((int)Math.Ceiling(at), values.Count - 1));
            var value = values[left] + (at - left) * (values[right] - values[left]);
            if (!double.IsFinite(value))
            {
                cells[0, column] = ('×', Palette.Trouble);
                before = null;
                continue;
            }
            var row = rowOf(value);
            if (curve.Mark is { } mark)
            {
                // Draws a letter at each epoch, as far as there is room, and dots between.
                var epochHere = plot <= epochs || (int)Math.Round(at) != (int)Math.Round((column - 1) * (epochs - 1.0) / Math.Max(1, plot - 1)) || column == 0;
                if (epochHere || cells[row, column].Mark is '\0' or '·')
                    cells[row, column] = (epochHere ? mark : '·', curve.Style);
            }
            else
            {
                Line(cells, column, before ?? row, row, curve);
            }
            before = row;
        }
    }

    /// <summary>Draws one column of a line from row <paramref name="from"/> in the previous column to row <paramref name="to"/>.</summary>
    private static void Line((char Mark, Style Style)[,] cells, int column, int from, int to, ChartCurve curve)
    {
        var (flat, upright) = curve.Dashed ? ('┄', '┊') : ('─', '│');
        if (from == to)
        {
            cells[to, column] = (flat, curve.Style);
            return;
        }
        for (var row = Math.Min(from, to) + 1; row < Math.Max(from, to); row++)
            cells[row, column] = (upright, curve.Style);
        cells[from, column] = (from < to ? '╮' : '╯', curve.Style);
        cells[to, column] = (from < to ? '╰' : '╭', curve.Style);
    }

    /// <summary>The label of each row: round values, at most one per two rows.</summary>
    private static string[] Labels(double low, double high, int height)
    {
        var labels = Enumerable.Repeat("", height).ToArray();
        var step = RoundStep((high - low) / Math.Max(1, height / 2));
        for (var tick = Math.Ceiling(low / step); tick * step <= high; tick++)
            labels[(int)Math.Round((high - (tick * step)) / (high - low) * (height - 1))] = Label(tick * step, step);
        return labels;
    }

    private static string Label(double value, double step)
    {
        var decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(step)));
        return Math.Abs(value) is >= 1e6 || decimals > 6
            ? value.ToString("0.##e+0", CultureInfo.InvariantCulture)
            : value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    /// <summary>The smallest of 1, 2, 5, 10 … times a power of ten that is at least <paramref name="step"/>.</summary>
    private static double RoundStep(double step)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        foreach (var factor in (double[])[1, 2, 5])
            if (factor * power >= step * (1 - 1e-9))
                return factor * power;
        return 10 * power;
    }

    private static IEnumerable<string> EpochAxis(int epochs, int plot, int gutter)
    {
        var axis = new char[plot];
        var numbers = new char[plot + 8];
        Array.Fill(axis, '─');
        Array.Fill(numbers, ' ');
        var step = epochs == 1 ? 1 : (int)Math.Max(1, RoundStep((epochs - 1.0) * 8 / plot));
        var free = 0;
        foreach (var epoch in Enumerable.Range(1, epochs).Where(epoch => epoch == 1 || epoch % step == 0).Append(epochs))
        {
            var column = epochs == 1 ? 0 : (int)Math.Round((epoch - 1.0) / (epochs - 1) * (plot - 1));
            var text = epoch.ToString(CultureInfo.InvariantCulture);
            var start = Math.Clamp(column - text.Length / 2, 0, Math.Max(0, plot - text.Length));
            if (start < free)
                continue;
            axis[column] = '┬';
            text.CopyTo(0, numbers, start, text.Length);
            free = start + text.Length + 1;
        }
        var indent = new string(' ', gutter + 3);
        yield return $"{indent}└{new string(axis)}";
        yield return $"{indent} {new string(numbers)[..plot].TrimEnd()}";
        if (plot >= 20)
            yield return $"{indent} {"epoch".PadLeft((plot + 5) / 2)}";
    }
}
