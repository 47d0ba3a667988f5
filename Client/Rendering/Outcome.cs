using Client.Views;
using Spectre.Console;
using Spectre.Console.Rendering;
using Sweeps.Core;

namespace Client.Rendering;

/// <summary>What a sweep has come to: its best run with its configuration and test metrics, what it cost, where to look closer.</summary>
public static class Outcome
{
    /// <summary>The text for <paramref name="width"/> columns.</summary>
    public static IRenderable Build(SweepHistory history, int width) => history.State.Best is { } best
        ? new Rows(
            Headline(history, best, width),
            new Text(Words.Fit("  " + history.NameOf(best), width), Palette.Dim),
            Text.Empty,
            Configuration(best, width),
            Text.Empty,
            Cost(history, width),
            Text.Empty,
            Hints.LookCloser(history.Sweep, best.Number, history.Spec.Trainable is TrainableSpec.Network, width))
        : new Rows(
            new Text("  No run has reported a finite " + history.Spec.Objective.Name + "."),
            Cost(history, width));

    /// <summary>The configuration of a run, then what it reached and at which epoch.</summary>
    public static IRenderable Configuration(SweepRun run, int width)
    {
        var metrics = SweepHistory.MetricsOf(run).OrderBy(metric => Importance(metric.Key)).Select(metric => (metric.Key, Words.Metric(metric.Value)));
        var epoch = run switch
        {
            { BestEpoch: > 0 } => $"  at epoch {run.BestEpoch}, its best",
            { Metrics: not null } => "  no epoch has a finite value; at the last one",
            _ => "  no epoch has been recorded yet",
        };
        var lines = new List<IRenderable>
        {
            Facts.Build(run.Configuration.Select(pair => (pair.Key, Words.Value(pair.Value))), width),
            Text.Empty,
            new Text(Words.Fit(epoch, width), Palette.Dim),
            Facts.Build(metrics, width),
        };
        if (run is { TestError: { } error } && run.TestEpoch == run.BestEpoch)
            lines.Add(new Text($"  Not evaluated on the test part: {error}"));
        return new Rows(lines);
    }

    // What generalises comes first, what only tells how training went last.
    private static int Importance(string metric) =>
        metric.StartsWith("test_", StringComparison.Ordinal) ? 0 : metric.StartsWith("val_", StringComparison.Ordinal) ? 1 : metric.StartsWith("train_", StringComparison.Ordinal) ? 2 : 3;

    /// <summary>Runs, epochs and time in two lines.</summary>
    public static IRenderable Cost(SweepHistory history, int width) => new Text(
        Words.Fit($"  {history.Counts.InWords()}", width) + "\n"
        + Words.Fit($"  {history.State.EpochsRecorded:N0} epochs in {Words.Time(history.State.Busy)} · sweep {history.Sweep} {history.InAWord}", width), Palette.Dim);

    private static Paragraph Headline(SweepHistory history, SweepRun best, int width)
    {
        var value = Words.Metric(history.BestOf(best));
        var test = best.TestEpoch == best.BestEpoch && best.Test is { } metrics && metrics.TryGetValue("test_accuracy", out var accuracy) ? $" · test_accuracy {Words.Metric(accuracy)}" : "";
        return new Paragraph().Append("  best  ", Palette.Dim).Append(value, Palette.Good)
            .Append(Words.Fit($"  {history.Spec.Objective.Name} of run {best.Number} at epoch {best.BestEpoch}{test}", Math.Max(0, width - 8 - value.Length)));
    }
}
