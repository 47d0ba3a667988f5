using Client.Views;
using Spectre.Console;
using Spectre.Console.Rendering;
using Sweeps.Core;

namespace Client.Output;

/// <summary>Runs in rows: number, name, state, epoch, best value and its epoch. Narrow terminals get fewer columns.</summary>
public static class RunTable
{
    private const int NumberWidth = 4, StateWidth = 8, Gap = 2;

    /// <summary>
    /// The table for <paramref name="width"/> columns. Under 70 the state is left out, under 56 the bar too. Long names are cut.
    /// </summary>
    public static IRenderable Build(IReadOnlyList<RunView> runs, string metric, int width, int? best = null)
    {
        var showState = width >= 70;
        var barWidth = width >= 110 ? 24 : width >= 56 ? 10 : 0;
        var epochWidth = runs.Select(run => Epochs(run).Length).Append(5).Max();
        var valueWidth = Math.Clamp(metric.Length, 8, width >= 56 ? 14 : 8);
        var atWidth = runs.Select(run => At(run).Length).Append(2).Max();
        var nameRoom = width - 2 - NumberWidth - epochWidth - valueWidth - atWidth - (4 * Gap)
            - (barWidth > 0 ? barWidth + Gap : 0) - (showState ? StateWidth + Gap : 0);
        var nameWidth = Math.Max(4, Math.Min(nameRoom, runs.Select(run => run.Name.Length).Append("configuration".Length).Max()));

        var grid = new Grid { Expand = false };
        grid.AddColumn(new GridColumn { Width = NumberWidth, Alignment = Justify.Right, NoWrap = true, Padding = new Padding(2, 0, Gap, 0) });
        grid.AddColumn(new GridColumn { Width = nameWidth, NoWrap = true, Padding = new Padding(0, 0, Gap, 0) });
        if (showState)
            grid.AddColumn(new GridColumn { Width = StateWidth, NoWrap = true, Padding = new Padding(0, 0, Gap, 0) });
        if (barWidth > 0)
            grid.AddColumn(new GridColumn { Width = barWidth, NoWrap = true, Padding = new Padding(0, 0, Gap, 0) });
        grid.AddColumn(new GridColumn { Width = epochWidth, Alignment = Justify.Right, NoWrap = true, Padding = new Padding(0, 0, Gap, 0) });
        grid.AddColumn(new GridColumn { Width = valueWidth, Alignment = Justify.Right, NoWrap = true, Padding = new Padding(0, 0, Gap, 0) });
        grid.AddColumn(new GridColumn { Width = atWidth, Alignment = Justify.Right, NoWrap = true, Padding = new Padding(0, 0, 0, 0) });

        grid.AddRow([.. Cells("run", "configuration", "state", barWidth > 0 ? new Text("", Palette.Dim) : null, "epoch", Format.Fit(metric, valueWidth), "at",
            Palette.Dim, Palette.Dim, nameWidth, showState)]);
        foreach (var run in runs)
        {
            var isBest = run.Run == best;
            var style = isBest ? Palette.Good : Palette.Of(run.State);
            var bar = barWidth > 0
                ? new EpochBar(run.Epoch, run.Until, barWidth, run.State == RunState.Running ? Palette.Accent : isBest ? Palette.Good : Palette.Dim)
                : null;
            grid.AddRow([.. Cells($"{run.Run}", run.Name, Format.State(run.State), bar, Epochs(run), Format.Metric(run.Best), At(run),
                style, isBest ? Palette.Good : Palette.Of(run.State), nameWidth, showState)]);
        }
        return grid;
    }

    private static string At(RunView run) => run.BestEpoch > 0 ? $"{run.BestEpoch}" : "–";

    private static string Epochs(RunView run) => $"{run.Epoch}/{run.Until}";

    private static IEnumerable<IRenderable> Cells(
        string number, string name, string state, IRenderable? bar, string epoch, string value, string at, Style style, Style valueStyle, int nameWidth, bool showState)
    {
        yield return new Text(number, style);
        yield return new Text(Format.Fit(name, nameWidth), style);
        if (showState)
            yield return new Text(state, style);
        if (bar is not null)
            yield return bar;
        yield return new Text(epoch, style);
        yield return new Text(value, valueStyle);
        yield return new Text(at, Palette.Dim);
    }
}
