using System.Globalization;
using Client.Views;
using Spectre.Console;
using Spectre.Console.Rendering;
using Sweeps.Analysis;
using Sweeps.Core;
using Sweeps.Files;

namespace Client.Output;

/// <summary>Renders the results of a sweep's confirmation and audit.</summary>
public static class ReviewText
{
    /// <summary>The text for <paramref name="width"/> columns; null for a sweep without reviews.</summary>
    public static IRenderable? Build(SweepHistory history, int width)
    {
        var parts = new List<IRenderable>();
        if (history.State.Confirmation is { } confirmation)
            parts.AddRange(Confirmation(history, ConfirmationRace.Of(history.State, confirmation)));
        if (AuditEstimate.Of(history.State) is { } audit)
            parts.Add(Line(Describe(history, audit)));
        return parts.Count > 0 ? new Rows(parts) : null;
    }

    private static IEnumerable<IRenderable> Confirmation(SweepHistory history, ConfirmationRace race)
    {
        if (race.Runs.All(run => run.Count == 0))
            yield break;
        var metric = history.Spec.Objective.Name;
        var grid = new Grid { Expand = false };
        foreach (var right in (bool[])[false, true, true, true, true, false])
            grid.AddColumn(new GridColumn { NoWrap = true, Alignment = right ? Justify.Right : Justify.Left, Padding = new Padding(2, 0, 0, 0) });
        grid.AddRow([.. ((string[])["confirmed", "seeds", "mean", "95 %", "in the search", ""]).Select(head => new Text(head, Palette.Dim))]);
        foreach (var run in race.Runs)
            grid.AddRow([.. ((string[])[$"run {run.Run}", $"{run.Count}", Reported(history, run.Mean), Interval(run),
                Reported(history, run.First), run.Alive ? "" : "worse"]).Select(cell => new Text(cell))]);
        yield return grid;
        yield return Line(Verdict(race));
        var best = race.Runs[0];
        if (double.IsFinite(best.Shrinkage))
            yield return Line($"Run {best.Run} had {metric} {Reported(history, best.First)} in the search and has {Reported(history, best.Mean)} with fresh seeds: "
                + $"{Shrinkage(best)}.");
    }

    /// <summary>Half of the 95 % interval; empty for a single seed. A deviation of rounding errors is 0.</summary>
    private static string Interval(ConfirmedRun run) =>
        double.IsNaN(run.HalfWidth) ? "" : $"±{Format.Metric(run.HalfWidth <= 1e-9 * Math.Abs(run.Mean) ? 0 : run.HalfWidth)}";

    /// <summary>
    /// Describes the difference between the mean of a confirmed run and its value in the search. Differences of rounding errors are
    /// ignored.
    /// </summary>
    public static string Shrinkage(ConfirmedRun best) => Math.Abs(best.Shrinkage) <= 1e-9 * Math.Abs(best.First) ? "the same"
        : $"{Format.Metric(Math.Abs(best.Shrinkage))} {(best.Shrinkage > 0 ? "worse, as the best of many looks better than it is" : "better")}";

    /// <summary>Names the best run, or the runs that do not differ significantly.</summary>
    public static string Verdict(ConfirmationRace race) => race.Best switch
    {
        [var one] => $"Run {one.Run} is the best at 95 %.",
        var several => $"Runs {string.Join(", ", several.SkipLast(1).Select(run => run.Run))} and {several[^1].Run} cannot be told apart at 95 %: "
            + "take the one that costs least, or confirm with more --seeds.",
    };

    private static string Describe(SweepHistory history, AuditEstimate audit) => string.Create(CultureInfo.InvariantCulture,
        $"Audit: {audit.Finished:N0} of {audit.Stopped:N0} stopped runs were trained to their last epoch; {audit.Better:N0} became better than the best"
        + $"{(audit.Better > 0 ? $", by {Format.Metric(audit.Loss)} of {history.Spec.Objective.Name}" : "")}. At 95 %, {Range(audit)} of the {audit.Stopped:N0} would have{Beyond(audit)}.");

    /// <summary>
    /// An upper bound of the runs that would have lost more than the audit found; empty when the audit found no loss, because the range
    /// then says the same.
    /// </summary>
    private static string Beyond(AuditEstimate audit) => audit.Better == 0 ? ""
        : audit.MostBeyond == 0 ? ", and none would have lost more"
        : string.Create(CultureInfo.InvariantCulture, $", and at most {audit.MostBeyond:N0} would have lost more");

    private static string Range(AuditEstimate audit) => audit.FewestBetter == audit.MostBetter
        ? audit.MostBetter.ToString("N0", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"between {audit.FewestBetter:N0} and {audit.MostBetter:N0}");

    private static string Reported(SweepHistory history, double oriented) => Format.Metric(history.Spec.Objective.Orient(oriented));

    private static Padder Line(string text) => new(new Text(PlainText.Escape(text, oneLine: true)), new Padding(2, 0, 0, 0));
}
