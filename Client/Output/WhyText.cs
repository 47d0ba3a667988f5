using System.Globalization;
using Client.Views;
using Spectre.Console;
using Spectre.Console.Rendering;
using Sweeps.Core;
using Sweeps.Files;

namespace Client.Output;

/// <summary>
/// Renders the decisions about a run: time, epoch, decision with its reason, and the value that the run would have needed to continue.
/// </summary>
public static class WhyText
{
    private const int Indent = 17;

    /// <summary>The text for <paramref name="width"/> columns; times count from the creation of the sweep.</summary>
    public static IRenderable Build(SweepHistory history, SweepRun run, IReadOnlyList<Decision> decisions, int width)
    {
        var grid = new Grid { Expand = false }
            .AddColumn(new GridColumn { NoWrap = true, Width = 6, Alignment = Justify.Right, Padding = new Padding(2, 0, 1, 0) })
            .AddColumn(new GridColumn { NoWrap = true, Width = 5, Alignment = Justify.Right, Padding = new Padding(0, 0, 2, 0) })
            .AddColumn(new GridColumn { Width = Math.Max(16, width - Indent), Padding = new Padding(0, 0, 0, 0) })
            .AddRow(new Text("time", Palette.Dim), new Text("epoch", Palette.Dim), new Text("decision", Palette.Dim));
        foreach (var decision in decisions)
        {
            var text = new Paragraph().Append(PlainText.Escape(decision.Text, oneLine: true));
            if (decision.ToGoOn is { } missed)
                text.Append(" " + PlainText.Escape(missed, oneLine: true), Palette.Accent);
            grid.AddRow(
                new Text(Format.Time(decision.At - history.State.CreatedAt), Palette.Dim),
                new Text(decision.Epoch.ToString(CultureInfo.InvariantCulture), Palette.Dim), text);
        }
        return new Rows(
            RunDetails.Heading(history, run, width),
            Text.Empty,
            grid);
    }
}
