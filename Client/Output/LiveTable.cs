using Client.Views;
using Spectre.Console;
using Spectre.Console.Rendering;
using Sweeps.Core;

namespace Client.Output;

/// <summary>The live view of a running sweep: running and leading runs, best value, progress.</summary>
public static class LiveTable
{
    // The lines around the rows of the table: heading, two blank lines, the table's heading, the note on omitted columns, best, counts,
    // progress, and the cursor's line.
    private const int LinesAround = 10;

    /// <summary>In a lower terminal the lines below the table are cut, not wrapped: the runs need the room.</summary>
    private const int MinHeightToWrap = 20;

    /// <summary>The text for a terminal of <paramref name="width"/> columns and <paramref name="height"/> lines.</summary>
    public static IRenderable Build(SweepView view, int width, int height)
    {
        var wrap = height >= MinHeightToWrap;
        var room = Math.Max(2, height - LinesAround - StatusOf(view).Count - view.Obstacles.Sum(obstacle => Lines.Wrap(obstacle, width - 2).Count())
            - (wrap ? StatusOf(view).Append(Planned(view)).Append(Pace(view)).Sum(line => Lines.Wrap(line, width - 2).Count() - 1) : 0));
        var running = view.Running.Take(Math.Max(1, room / 2)).ToList();
        var leaders = view.Leaders.Where(run => run.State != RunState.Running || !running.Contains(run)).Take(Math.Min(10, room - running.Count));
        return new Rows(
            Header(view, width),
            Text.Empty,
            RunTable.Build([.. running, .. leaders], view.Parameters, view.Metric, width, view.Best?.Run, bars: true),
            Text.Empty,
            Footer(view, width, wrap));
    }

    /// <summary>One line: the title, the rules, the time.</summary>
    private static Paragraph Header(SweepView view, int width)
    {
        var time = Format.Time(view.Elapsed);
        var room = Math.Max(10, width - 2 - time.Length - 2);
        var title = Format.Fit(view.Title, room);
        var rest = room - Format.CellWidth(title) - 2;
        var rules = rest >= 12 ? "  " + Format.Fit(view.Rules, rest) : "";
        return new Paragraph().Append("  ").Append(title, new Style(decoration: Decoration.Bold)).Append(rules, Palette.Dim)
            .Append(new string(' ', Math.Max(1, width - 2 - Format.CellWidth(title + rules) - time.Length))).Append(time, Palette.Dim);
    }

    /// <summary>The obstacles, the best run, the counts, the pace, and the reason why the sweep makes no progress.</summary>
    private static Rows Footer(SweepView view, int width, bool wrap)
    {
        var best = new Paragraph().Append("  best  ", Palette.Dim);
        if (view.Best is { } run)
            best.Append(Format.Metric(run.Best), Palette.Good).Append(Format.Fit($"  run {run.Run}, epoch {run.BestEpoch}", Math.Max(0, width - 20)));
        else
            best.Append("no epoch has been recorded yet", Palette.Dim);

        return new Rows([
            .. view.Obstacles.Select(obstacle => Lines.Of(obstacle, width, Palette.Trouble)),
            best,
            Line(Planned(view), Palette.Plain),
            Line(Pace(view), Palette.Dim),
            .. StatusOf(view).Select(line => Line(line, Palette.Accent))]);

        IRenderable Line(string text, Style style) => wrap ? Lines.Of(text, width, style) : new Text(Format.Fit("  " + text, width), style);
    }

    // Obstacles already explain why no node works on the sweep, so the lines of StatusText are left out.
    private static IReadOnlyList<string> StatusOf(SweepView view) =>
        view.Obstacles.Count > 0 ? [] : StatusText.WhyNoProgress(view.Sweep, view.InterruptedSince, view.Held);

    private static string Planned(SweepView view)
    {
        var words = view.Counts.Describe();
        return view.Planned is { } planned && planned > view.Counts.Total
            ? words.Insert(words.IndexOf(' ', StringComparison.Ordinal), $" of {planned:N0}")
            : words;
    }

    private static string Pace(SweepView view)
    {
        var parts = new List<string>
        {
            view.EpochsExpected is { } expected && expected > view.Epochs ? $"{view.Epochs:N0} of about {expected:N0} epochs" : $"{view.Epochs:N0} epochs",
        };
        if (view.InterruptedSince is null && view.EpochsPerSecond is { } rate)
            parts.Add($"{Format.Rate(rate)} epochs/s");
        if (view.Left is { } left)
            parts.Add($"about {Format.Time(left)} left");
        if (view.Wasted > 0)
            parts.Add($"{view.Wasted:N0} trained again");
        return string.Join(" · ", parts);
    }
}
