using Client.Views;
using Grains.Contracts;
using Spectre.Console;
using Spectre.Console.Rendering;
using Sweeps.Core;

namespace Client.Output;

/// <summary>Renders one run: its state with the reason, its learning curve, its configuration and metrics.</summary>
public static class RunDetails
{
    private const int ChartHeight = 10, SideBySide = 100;

    /// <summary>The text for <paramref name="width"/> columns.</summary>
    /// <param name="history">The sweep.</param>
    /// <param name="run">The run.</param>
    /// <param name="epochs">The metrics of all epochs.</param>
    /// <param name="width">The terminal's columns.</param>
    /// <param name="metric">The metric whose curve is drawn; null for the objective and the loss.</param>
    /// <param name="progress">The progress of its current epoch, or null when it is not known.</param>
    public static IRenderable Build(SweepHistory history, SweepRun run, RecordedEpochs epochs, int width, string? metric = null, ProgressMessage? progress = null)
    {
        var lines = new List<IRenderable>
        {
            Heading(history, run, width),
        };
        if (history.TagsOf(run.Number) is { Count: > 0 } tags)
            lines.Add(Lines.Of(string.Join(' ', tags.Select(tag => $"#{tag}")), width));
        foreach (var note in history.Notes.Where(note => EventSentence.RunOf(note.Event) == run.Number))
            lines.Add(Lines.Of(StatusText.OfSteering(note), width));
        if (run.Reason is { } reason)
            lines.Add(Lines.Of(StatusText.OfReason(reason), width, Palette.Dim));
        if (progress is not null)
            lines.Add(Lines.Of(CurrentEpoch(progress), width, Palette.Dim));
        lines.Add(Text.Empty);
        if (run.Epoch > 0)
        {
            lines.AddRange(Charts(history, run, epochs, width, metric));
            lines.Add(Text.Empty);
        }
        lines.Add(SweepSummary.Configuration(run, width));
        return new Rows(lines);
    }

    /// <summary><c>run 7  waiting at epoch 3 of 27</c></summary>
    public static IRenderable Heading(SweepHistory history, SweepRun run, int width)
    {
        var number = $"run {run.Number}";
        return new Paragraph().Append("  ").Append(number, new Style(decoration: Decoration.Bold))
            .Append(Format.Fit($"  {Format.State(history.StateOf(run))} at epoch {run.Epoch}{(history.Spec.OpenEnded ? "" : $" of {run.MaxEpochs}")}", Math.Max(0, width - 2 - number.Length)));
    }

    /// <summary>The curves of the objective and, if it is another metric, of the loss; side by side if there is room.</summary>
    private static IEnumerable<IRenderable> Charts(SweepHistory history, SweepRun run, RecordedEpochs epochs, int width, string? metric)
    {
        var names = metric is not null ? [metric] : epochs.Metrics.Contains("val_loss") ? new[] { history.Spec.Objective.Name, "val_loss" }.Distinct().ToArray() : [history.Spec.Objective.Name];
        if (names.SelectMany(name => Curves(epochs, run.Number, name)).All(curve => !curve.Values.Any(double.IsFinite)))
            return [Lines.Of($"No epoch of the run has a finite {string.Join(" or ", names)}: there is no curve to draw.", width, Palette.Dim)];
        var besides = names.Length == 2 && width >= SideBySide;
        var charts = names.Select(name => LineChart.Build(Curves(epochs, run.Number, name), besides ? width / 2 : width, ChartHeight)).ToList();
        if (!besides)
            return charts.SelectMany((chart, i) => i == 0 ? chart : chart.Prepend<IRenderable>(Text.Empty));
        var grid = new Grid { Expand = false };
        foreach (var _ in charts)
            grid.AddColumn(new GridColumn { Width = width / 2, NoWrap = true, Padding = new Padding(0, 0, 0, 0) });
        for (var line = 0; line < charts[0].Count; line++)
            grid.AddRow(charts[0][line], charts[1][line]);
        return [grid];
    }

    /// <summary>The curve of a metric and, dashed, of the same metric on the training data if it was recorded.</summary>
    private static List<ChartCurve> Curves(RecordedEpochs epochs, int run, string metric)
    {
        var curves = new List<ChartCurve> { new(metric, epochs.Curve(run, metric), Palette.Accent) };
        var prefix = metric.IndexOfAny(['_', '/', '.']) is > 0 and var end && metric[..end] is "val" or "valid" or "validation" or "eval" ? end : 0;
        if (prefix > 0 && "train" + metric[prefix..] is var train && epochs.Metrics.Contains(train))
            curves.Add(new ChartCurve(train, epochs.Curve(run, train), Palette.Dim, Dashed: true));
        return curves;
    }

    private static string CurrentEpoch(ProgressMessage progress) => progress.Batches == 0
        ? $"epoch {progress.Epoch} on {progress.Node}, slot {progress.Slot}"
        : $"epoch {progress.Epoch}: batch {progress.Batch:N0} of {progress.Batches:N0} · {progress.SamplesPerSecond:N0} samples/s on {progress.Node}, slot {progress.Slot}";
}
