using Client.Views;
using Spectre.Console;
using Spectre.Console.Rendering;
using Sweeps.Core;
using Sweeps.Simulation;

namespace Client.Output;

/// <summary>Renders the recorded and the replayed sweep side by side.</summary>
public static class WhatIfText
{
    /// <summary>The text for <paramref name="width"/> columns.</summary>
    public static IRenderable Build(SweepHistory history, SweepSpec changed, WhatIfResult result, int width)
    {
        var column = Math.Max(10, (width - 16) / 2);
        var grid = new Grid { Expand = false }
            .AddColumn(new GridColumn { NoWrap = true, Width = 8, Padding = new Padding(2, 0, 2, 0) })
            .AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 4, 0) })
            .AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 0, 0) });
        Row("", "as it was", "as it would have been", Palette.Dim);
        Row("rules", SpecText.Rules(history.Spec), SpecText.Rules(changed), Palette.Plain);
        Row("runs", $"{history.State.Runs.Count:N0}", $"{result.Runs:N0}", Palette.Plain);
        var (known, bounds) = (result.Knowledge != Knowledge.None, result.Knowledge == Knowledge.Bounds);
        var better = !bounds ? "" : history.Spec.Objective.Goal == Goal.Maximize ? "≥ " : "≤ ";
        Row("epochs", $"{result.RecordedEpochs:N0}", known ? $"{(bounds ? "≥ " : "")}{result.Epochs:N0} ({(bounds ? "≥ " : "")}{Saved(result)})" : Unknown, Palette.Plain);
        Row("winner", Winner(result.RecordedWinner, result.RecordedBest, ""), known ? Winner(result.Winner, result.Best, better) : Unknown, Palette.Plain);
        Row("regret", "", known ? $"{(bounds ? "≤ " : "")}{Format.Metric(result.Regret)}" : Unknown, Palette.Plain);
        return result.Missing.Count == 0 ? grid : new Rows(grid, Text.Empty, new Padder(new Text(
            $"{result.Missing.Count:N0} of {result.Runs:N0} runs would have trained on where their record ends{(known ? "; they count as ended there, so these are bounds." : ".")}",
            Palette.Dim), new Padding(2, 0, 0, 0)));

        void Row(string name, string was, string would, Style style) =>
            grid.AddRow(new Text(name, Palette.Dim), new Text(Format.Fit(was, column), style), new Text(Format.Fit(would, column), style));
    }

    private const string Unknown = "cannot be known from this log";

    private static string Winner(int? run, double? best, string bound) => run is null ? "none" : $"run {run}, {bound}{Format.Metric(best)}";

    private static string Saved(WhatIfResult result)
    {
        var change = result.RecordedEpochs == 0 ? 0 : (double)(result.Epochs - result.RecordedEpochs) / result.RecordedEpochs;
        return change.ToString("+0 %;-0 %;the same", System.Globalization.CultureInfo.InvariantCulture);
    }
}
