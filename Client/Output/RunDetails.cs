using Client.Views;
using Grains.Contracts;
using Spectre.Console;
using Spectre.Console.Rendering;
using Sweeps.Core;

namespace Client.Output;

/// <summary>One run: its state and the reason, its curve, its configuration and metrics.</summary>
public static class RunDetails
{
    /// <summary>The text for <paramref name="width"/> columns.</summary>
    /// <param name="history">The sweep.</param>
    /// <param name="run">The run.</param>
    /// <param name="width">The terminal's columns.</param>
    /// <param name="progress">The progress of its current epoch, or null when it is not known.</param>
    public static IRenderable Build(SweepHistory history, SweepRun run, int width, ProgressMessage? progress = null)
    {
        var lines = new List<IRenderable>
        {
            new Paragraph().Append("  ").Append($"run {run.Number}", new Style(decoration: Decoration.Bold))
                .Append(Format.Fit($"  {Format.State(history.StateOf(run))} at epoch {run.Epoch} of {run.MaxEpochs}", Math.Max(0, width - 10))),
            new Text(Format.Fit("  " + history.NameOf(run), width), Palette.Dim),
        };
        if (run.Reason is { } reason)
            lines.Add(new Text(Format.Fit("  " + StatusText.OfReason(reason), width), Palette.Dim));
        if (progress is not null)
            lines.Add(new Text(Format.Fit("  " + CurrentEpoch(progress), width), Palette.Dim));
        lines.Add(Text.Empty);
        if (run.Epoch > 0)
        {
            lines.Add(new Paragraph().Append("  ").Append(Sparkline.Of(history.CurveOf(run), Math.Max(8, Math.Min(60, width - 30))), Palette.Accent)
                .Append(Format.Fit($"  {history.Spec.Objective.Name}{(run.BestEpoch > 0 ? $", best {Format.Metric(history.BestOf(run))} at {run.BestEpoch}" : "")}", 60), Palette.Dim));
            lines.Add(Text.Empty);
        }
        lines.Add(SweepSummary.Configuration(run, width));
        return new Rows(lines);
    }

    private static string CurrentEpoch(ProgressMessage progress) => progress.Batches == 0
        ? $"epoch {progress.Epoch} on {progress.Node}, slot {progress.Slot}"
        : $"epoch {progress.Epoch}: batch {progress.Batch:N0} of {progress.Batches:N0} · {progress.SamplesPerSecond:N0} samples/s on {progress.Node}, slot {progress.Slot}";
}
