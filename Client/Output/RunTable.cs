using System.Globalization;
using Client.Views;
using Spectre.Console;
using Spectre.Console.Rendering;
using Sweeps.Core;

namespace Client.Output;

/// <summary>
/// A table of runs: number, state, a column per varying parameter, epochs, best value and its epoch. Columns that do not fit are left out,
/// the least important parameters first.
/// </summary>
public static class RunTable
{
    // A longer value would push other columns out of a terminal.
    private const int MaxValueWidth = 30;

    // The ranks of the columns; a higher rank is left out first. The first two parameters are kept longer than the state and the epochs,
    // the others are left out before them.
    private const int Prominent = 2, FirstParameter = 10, LaterParameter = 40, Bar = 30, BestEpoch = 31, Epochs = 32, State = 33, Test = 5;

    /// <summary>The table for <paramref name="width"/> columns, with progress bars for a live view.</summary>
    /// <param name="runs">The rows.</param>
    /// <param name="parameters">The parameters, most important first.</param>
    /// <param name="metric">The heading of the values.</param>
    /// <param name="width">The terminal's columns.</param>
    /// <param name="best">The number of the best run, which is emphasized.</param>
    /// <param name="bars">Whether to draw bars.</param>
    public static IRenderable Build(IReadOnlyList<RunView> runs, IReadOnlyList<string> parameters, string metric, int width, int? best = null, bool bars = false) =>
        Table.Build(Columns(runs, parameters, metric, width, best, bars), width, bars ? "a wider terminal shows more" : "--columns names those to show", brief: bars);

    /// <summary>The columns that <see cref="Build"/> chooses from.</summary>
    public static IReadOnlyList<TableColumn> Columns(
        IReadOnlyList<RunView> runs, IReadOnlyList<string> parameters, string metric, int width, int? best = null, bool bars = false)
    {
        var heads = Heads(parameters);
        var barWidth = width >= 110 ? 24 : 10;
        var columns = new List<TableColumn>
        {
            Column("run", run => $"{run.Run}") with { Right = true },
            Column("state", run => Format.State(run.State)) with { Rank = State, Mentioned = !bars },
        };
        foreach (var (position, parameter) in parameters.Index())
            columns.Add(Column(parameter, run => run.Configuration[parameter] is { } value ? Format.Fit(Format.Value(value), width >= Terminal.Unlimited ? int.MaxValue : MaxValueWidth) : "") with
            {
                Head = heads[position],
                MaxHeadWidth = width >= Terminal.Unlimited ? int.MaxValue : 14,
                Right = runs.Any(run => run.Configuration[parameter]?.AsDouble() is not null),
                Rank = (position < Prominent ? FirstParameter : LaterParameter) + position,
            });
        if (bars)
            columns.Add(new TableColumn("progress", [.. runs.Select(run => new Cell(new EpochBar(
                run.Epoch, run.Until, barWidth, run.State == RunState.Running ? Palette.Accent : run.Run == best ? Palette.Good : Palette.Dim), barWidth))])
            {
                Head = "", Rank = Bar, Mentioned = false,
            });
        columns.Add(Column("epoch", run => $"{run.Epoch}/{run.Until}") with { Right = true, Rank = Epochs, Mentioned = !bars });
        columns.Add(Column(metric, run => Format.Metric(run.Best)) with { Right = true, MaxHeadWidth = 24 });
        columns.Add(new TableColumn("best_epoch", [.. runs.Select(run => Cell.Of(run.BestEpoch > 0 ? $"{run.BestEpoch}" : "–", Palette.Dim))]) { Right = true, Rank = BestEpoch, Mentioned = !bars });
        if (runs.Select(run => run.Test?.Name).FirstOrDefault(name => name is not null) is { } test)
            columns.Add(Column(test, run => run.Test is { } found && found.Name == test ? Format.Metric(found.Value) : "–") with { Right = true, MaxHeadWidth = 24, Rank = Test, Mentioned = !bars });
        return columns;

        TableColumn Column(string name, Func<RunView, string> text) =>
            new(name, [.. runs.Select(run => Cell.Of(text(run), run.Run == best ? Palette.Good : Palette.Of(run.State)))]);
    }

    /// <summary>The columns that the user named, in that order, after the number of the run.</summary>
    public static IReadOnlyList<TableColumn> Named(IReadOnlyList<SweepRun> runs, RunFields fields, IReadOnlyList<string> names, int? best)
    {
        var styles = runs.Select(run => run.Number == best ? Palette.Good : Palette.Of(run.State)).ToList();
        return [.. names.Where(name => name != "run").Prepend("run").Select((name, position) => new TableColumn(
            name, [.. runs.Select((run, row) => Cell.Of(Text(fields, run, name), styles[row]))])
        {
            Right = runs.Any(run => fields.Of(run, name)?.AsDouble() is not null),
            Rank = position,
            MaxHeadWidth = int.MaxValue,
        })];
    }

    /// <summary>The text of a run's value in a cell.</summary>
    public static string Text(RunFields fields, SweepRun run, string name) => fields.Of(run, name) switch
    {
        null => "–",
        Value.Number { Content: var number } when fields.IsMetric(name) => Format.Metric(number),
        Value.Number { Content: var number } when name == "seconds" => number.ToString("0.0", CultureInfo.InvariantCulture),
        Value.List { Items: var tags } when name == "tags" => string.Join(' ', tags),
        { } value => Format.Value(value),
    };

    /// <summary>The headings: the last part of each dotted name if it is unique, otherwise the whole name.</summary>
    private static string[] Heads(IReadOnlyList<string> names)
    {
        var ends = names.Select(name => name[(name.LastIndexOf('.') + 1)..]).ToList();
        return [.. names.Select((name, i) => ends.Count(end => end == ends[i]) == 1 ? ends[i] : name)];
    }
}
