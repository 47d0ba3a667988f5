using System.Globalization;
using Client.Views;
using Spectre.Console;
using Spectre.Console.Rendering;
using Sweeps.Core;
using Sweeps.Simulation;

namespace Client.Output;

/// <summary>Renders the recorded and the replayed sweep side by side.</summary>
public static class WhatIfText
{
    private const string Unknown = "cannot be known from this log";

    /// <summary>The text for <paramref name="width"/> columns.</summary>
    public static IRenderable Build(SweepHistory history, SweepSpec changed, WhatIfResult result, int width)
    {
        var column = Math.Max(10, (width - 16) / 2);
        var grid = new Grid { Expand = false }
            .AddColumn(new GridColumn { NoWrap = true, Width = 8, Padding = new Padding(2, 0, 2, 0) })
            .AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 4, 0) })
            .AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 0, 0) });
        Row("", "as it was", "as it would have been", Palette.Dim);
        Row("stopping", SpecText.Stopping(history.Spec), SpecText.Stopping(changed), Palette.Plain);
        if (history.Spec.Budget.Epochs != changed.Budget.Epochs)
            Row("budget", Budget(history.Spec), Budget(changed), Palette.Plain);
        Row("runs", $"{history.State.Runs.Count:N0}", $"{result.Runs:N0}", Palette.Plain);
        var (known, bounds) = (result.Knowledge != Knowledge.None, result.Knowledge == Knowledge.Bounds);
        var better = !bounds ? "" : history.Spec.Objective.Goal == Goal.Maximize ? "≥ " : "≤ ";
        Row("epochs", $"{result.RecordedEpochs:N0}", known ? $"{(bounds ? "≥ " : "")}{result.Epochs:N0} ({Saved(result)})" : Unknown, Palette.Plain);
        Row("winner", Winner(result.RecordedWinner, result.RecordedBest, ""), known ? Winner(result.Winner, result.Best, better) : Unknown, Palette.Plain);
        Row("regret", "", known ? $"{(bounds ? "≤ " : "")}{Format.Metric(result.Regret)}" : Unknown, Palette.Plain);
        var notes = new List<string>();
        if (known)
            notes.Add($"regret: how much worse the best {history.Spec.Objective.Name} would have been; 0 is as good");
        if (result.Missing.Count > 0)
            notes.Add($"{result.Missing.Count:N0} of {result.Runs:N0} runs would have trained on where their record ends{(known ? "; they count as ended there, so these are bounds." : ".")}");
        return new Rows(grid, Text.Empty, Lines.Of(string.Join('\n', notes), width, Palette.Dim));

        void Row(string name, string was, string would, Style style) => grid.AddRow(new Text(name, Palette.Dim), new Text(Wrapped(was), style), new Text(Wrapped(would), style));

        string Wrapped(string text) => string.Join('\n', Lines.Wrap(text, column));
    }

    private static string Budget(SweepSpec spec) => spec.Budget.Epochs is { } epochs ? Format.Count(epochs, "epoch") : "none";

    private static string Winner(int? run, double? best, string bound) => run is null ? "none" : $"run {run}, {bound}{Format.Metric(best)}";

    private static string Saved(WhatIfResult result)
    {
        var change = result.RecordedEpochs == 0 ? 0 : (double)(result.Epochs - result.RecordedEpochs) / result.RecordedEpochs;
        return change.ToString("+0 %;-0 %;as many", CultureInfo.InvariantCulture);
    }
}
