using Client.Views;
using Spectre.Console;
using Spectre.Console.Rendering;
using Sweeps.Core;

namespace Client.Output;

/// <summary>Renders a sweep: a summary of its file, its state, its leading runs, and the steering actions.</summary>
public static class SweepDetails
{
    private const int Shown = 15;

    /// <summary>The text for <paramref name="width"/> columns.</summary>
    /// <param name="history">The sweep.</param>
    /// <param name="width">The terminal's columns.</param>
    /// <param name="obstacles">The obstacles that keep the sweep from progress, one sentence each.</param>
    public static IRenderable Build(SweepHistory history, int width, IReadOnlyList<string>? obstacles = null)
    {
        width = Math.Min(width, 120);
        var lines = new List<IRenderable>
        {
            new Paragraph().Append("  ").Append(Format.Fit(history.Sweep, width - 2), new Style(decoration: Decoration.Bold))
                .Append(Format.Fit($"  {history.StatusName}", Math.Max(0, width - 2 - history.Sweep.Length)), Palette.Dim),
            Lines.Of(SpecText.Rules(history.Spec), width, Palette.Dim),
        };
        foreach (var line in StatusText.WhyNoProgress(history.Sweep, history.InterruptedSince, history.Held))
            lines.Add(Lines.Of(line, width, Palette.Accent));
        if (history.Name != history.Spec.Name || history.TagsOf(null).Count > 0)
            lines.Add(Lines.Of(string.Join(" · ", history.TagsOf(null).Select(tag => $"#{tag}").Prepend(history.Name)), width));
        if (history.State.EndReason is { } reason)
            lines.Add(Lines.Of($"ended: {StatusText.OfReason(reason)}", width, Palette.Dim));
        if (history.State.Programs is { Count: > 0 } programs)
            lines.Add(programs.Count == 1
                ? Lines.Of($"program: {programs[0]}", width, Palette.Dim)
                : Lines.Of($"the program changed between runs: {string.Join("; then ", programs)}", width, Palette.Trouble));
        lines.AddRange(StatusText.OfHooks(history).Select(line => Lines.Of(line, width, Palette.Trouble)));
        lines.AddRange((obstacles ?? []).Select(obstacle => Lines.Of(obstacle, width, Palette.Trouble)));
        lines.Add(Text.Empty);
        lines.Add(RunTable.Build([.. Rows(history).Select(history.ViewOf)], ParameterOrder.Of(history, width), history.Spec.Objective.Name, width, history.State.Best?.Number));
        if (history.State.Runs.Count > Shown)
            lines.Add(Lines.Of($"… {history.State.Runs.Count - Shown:N0} more: ./sweep top {history.Sweep} -n {history.State.Runs.Count}", width, Palette.Dim));
        lines.Add(Text.Empty);
        lines.Add(SweepSummary.Cost(history, width));
        if (ReviewText.Build(history, width) is { } review)
            lines.AddRange([Text.Empty, review]);
        foreach (var logged in history.Notes)
            lines.Add(Lines.Of(StatusText.OfSteering(logged), width));
        foreach (var logged in history.Steering)
            lines.Add(Lines.Of(StatusText.OfSteering(logged), width, Palette.Dim));
        return new Rows(lines);
    }

    private static IEnumerable<SweepRun> Rows(SweepHistory history) =>
        history.State.RunningRuns.Select(run => history.State.Runs[run]).Concat(history.State.Leaderboard(Shown)).Concat(history.State.Runs)
            .DistinctBy(run => run.Number).Take(Shown);
}
