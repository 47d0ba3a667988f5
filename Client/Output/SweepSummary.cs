using Client.Views;
using Spectre.Console;
using Spectre.Console.Rendering;
using Sweeps.Core;

namespace Client.Output;

/// <summary>Renders the result of a sweep: its best run with configuration and metrics, its cost, and commands for details.</summary>
public static class SweepSummary
{
    /// <summary>The text for <paramref name="width"/> columns.</summary>
    public static IRenderable Build(SweepHistory history, int width)
    {
        IRenderable result = ReviewText.Build(history, width) is { } review ? new Rows(Result(history, width), Text.Empty, review) : Result(history, width);
        return history.State is { Outcome: SweepOutcome.Failed, EndReason: { Detail: { } why } }
            ? new Rows(result, Lines.Of($"failed: {why}", width))
            : result;
    }

    private static Rows Result(SweepHistory history, int width) => history.State.Best is { } best
        ? new Rows(
            Headline(history, best, width),
            Text.Empty,
            Configuration(best, width),
            Text.Empty,
            Cost(history, width),
            Text.Empty,
            NextCommands.Build(history.Sweep, best.Number, history.Spec.Trainable.HasTestPart, width))
        : new Rows(
            Lines.Of($"No run has reported a finite {history.Spec.Objective.Name}.", width),
            Cost(history, width));

    /// <summary>The configuration of a run, then the metrics of its best epoch.</summary>
    public static IRenderable Configuration(SweepRun run, int width)
    {
        var metrics = SweepHistory.MetricsOf(run).OrderBy(metric => Order(metric.Key)).Select(metric => (metric.Key, Format.Metric(metric.Value)));
        var epoch = run switch
        {
            { BestEpoch: > 0 } => $"  at epoch {run.BestEpoch}, its best",
            { Metrics: not null } => "  no epoch has a finite value; at the last one",
            _ => "  no epoch has been recorded yet",
        };
        var lines = new List<IRenderable>
        {
            NameValueTable.Build(run.Configuration.Select(pair => (pair.Key, Format.Value(pair.Value))), width),
            Text.Empty,
            new Text(Format.Fit(epoch, width), Palette.Dim),
            NameValueTable.Build(metrics, width),
        };
        if (run is { TestError: { } error } && run.TestEpoch == run.BestEpoch)
            lines.Add(Lines.Of($"Not evaluated on the test part: {error}", width));
        return new Rows(lines);
    }

    // Metrics of the test part come first, then validation, then training.
    private static int Order(string metric) =>
        metric.StartsWith("test_", StringComparison.Ordinal) ? 0 : metric.StartsWith("val_", StringComparison.Ordinal) ? 1 : metric.StartsWith("train_", StringComparison.Ordinal) ? 2 : 3;

    /// <summary>Runs, epochs and time.</summary>
    public static IRenderable Cost(SweepHistory history, int width) => Lines.Of(
        $"{history.Counts.Describe()}\n{Format.Count(history.State.EpochsRecorded, "epoch")} in {Format.Time(history.State.Busy)} · sweep {history.Sweep} {history.StatusName}", width, Palette.Dim);

    /// <summary>The best value, and the accuracy on the test part on a second line where the first has no room for it.</summary>
    private static IRenderable Headline(SweepHistory history, SweepRun best, int width)
    {
        var value = Format.Metric(history.BestOf(best));
        var room = Math.Max(0, width - 8 - value.Length);
        var line = new Paragraph().Append("  best  ", Palette.Dim).Append(value, Palette.Good);
        var text = $"  {history.Spec.Objective.Name} of run {best.Number} at epoch {best.BestEpoch}";
        var test = best.TestEpoch == best.BestEpoch && best.Test is { } metrics && metrics.TryGetValue("test_accuracy", out var accuracy) ? $"test_accuracy {Format.Metric(accuracy)}" : "";
        if (test.Length == 0 || Format.CellWidth(text) + 3 + test.Length <= room)
            return line.Append(Format.Fit(test.Length == 0 ? text : $"{text} · {test}", room));
        return new Rows(line.Append(Format.Fit(text, room)), Lines.Of($"      {test}", width));
    }
}
