using Client.Views;
using Engine.Data;
using Sweeps.Analysis;
using Sweeps.Core;
using Sweeps.Core.Space;
using Sweeps.Files;
using Sweeps.Page.Figures;

namespace Client.Output;

/// <summary>The figures of a sweep as SVG documents, for <c>sweep report --figures</c>.</summary>
public static class SweepFigures
{
    private const int LegendCharacters = 46;

    /// <summary>The figures with their file names, without the extension.</summary>
    public static IEnumerable<(string Name, string Svg)> Of(SweepHistory history, IReadOnlyList<LoggedEvent> log)
    {
        yield return ("objective", Objective(history));
        yield return ("parallel", ParallelCoordinates(history));
        yield return ("curves", Curves(history, history.State.Leaderboard(16), log, history.Spec.Objective.Name));
        if (SweepAnalysis.Of(history, log) is { Rows.Count: > 0 } analysis)
            yield return ("importance", Figure.Bars($"{history.Sweep}: importance (fANOVA: share of the variance)", [.. analysis.Rows.Select(row => (row.Parameter, row.Fanova))]));
    }

    /// <summary>
    /// The figures of a trained classifier: its confusion matrix and, if the examples are images, an image of each class of its data set.
    /// </summary>
    /// <param name="title">The title, which names the run.</param>
    /// <param name="model">The evaluation of the network on the data set.</param>
    /// <param name="data">The data set.</param>
    public static IEnumerable<(string Name, string Svg)> Of(string title, ModelInspection model, Dataset data)
    {
        var names = model.Output.Names;
        if (model.Report is { } report)
            yield return ("confusion", Figure.Confusion($"{title}: confusion on the {model.Part} part", names, report.Confusion));
        var images = ModelInspection.ImagePerClass(data).Select((image, label) => (names[label], image)).Where(one => one.image is not null).Select(one => (one.Item1, one.image!)).ToList();
        if (images.Count > 0)
            yield return ("classes", Figure.Images($"{data.Name}: one image of each class", images));
    }

    /// <summary>The best value of each run in order of creation, with the running best.</summary>
    public static string Objective(SweepHistory history) => Figure.ObjectiveByRun(
        $"{history.Sweep}: {history.Spec.Objective.Name} by run", history.Spec.Objective.Name,
        [.. history.State.Runs.Select(run => history.BestOf(run) ?? double.NaN)], Maximizes(history));

    /// <summary>Every run with a finite value: its varying parameters and its best value.</summary>
    public static string ParallelCoordinates(SweepHistory history)
    {
        var runs = history.State.Runs.Where(run => history.BestOf(run) is not null).ToList();
        var varying = history.Spec.Space.Parameters.Where(parameter => parameter.Distribution.Domain is not Domain.Categories { Values.Count: 1 }).ToList();
        var objective = Axis.Over(history.Spec.Objective.Name, runs.Select(run => history.BestOf(run)!.Value));
        ParallelAxis[] axes =
        [
            .. varying.Select(parameter => new ParallelAxis(parameter.Name, [.. Labels(parameter.Distribution.Domain)])),
            new(objective.Name, [.. objective.Ticks().Select(tick => (objective.Share(tick), Axis.Label(tick)))]),
        ];
        return Figure.ParallelCoordinates(
            $"{history.Sweep}: {runs.Count} of {history.State.Runs.Count} runs", axes,
            [.. runs.Select(run => (IReadOnlyList<double>)[.. varying.Select(parameter => Share(run, parameter)), objective.Share(history.BestOf(run)!.Value)])], Maximizes(history));
    }

    /// <summary>One metric of some runs, epoch by epoch.</summary>
    public static string Curves(SweepHistory history, IEnumerable<SweepRun> runs, IReadOnlyList<LoggedEvent> log, string metric)
    {
        var epochs = log.Select(logged => logged.Event).OfType<EpochRecorded>().ToLookup(recorded => recorded.Run);
        return Figure.Lines($"{history.Sweep}: {metric}", "epoch", metric,
        [
            .. runs.Select(run => (PlainText.Fit($"{run.Number}: {history.NameOf(run)}", LegendCharacters), (IReadOnlyList<(double, double)>)
            [
                .. epochs[run.Number].Where(recorded => recorded.Metrics.ContainsKey(metric)).Select(recorded => ((double)recorded.Epoch, recorded.Metrics[metric])),
            ])),
        ]);
    }

    private static bool Maximizes(SweepHistory history) => history.Spec.Objective.Goal == Goal.Maximize;

    // An inactive parameter is drawn at the bottom of its axis.
    private static double Share(SweepRun run, Parameter parameter) => run.Configuration[parameter.Name] is not { } value ? 0 : parameter.Distribution.Domain switch
    {
        Domain.Categories categories => Place(Math.Max(0, categories.Values.ToList().IndexOf(value)), categories.Values.Count) + Spread(run.Number, categories.Values.Count),
        Domain.Range range when value.AsDouble() is { } number => Math.Clamp(Over(parameter.Name, range).Share(number), 0, 1),
        _ => 0,
    };

    private static IEnumerable<(double, string)> Labels(Domain domain) => domain switch
    {
        Domain.Categories categories => categories.Values.Select((value, index) => (Place(index, categories.Values.Count), value.ToString())),
        Domain.Range range when Over("", range) is var axis => axis.Ticks().Select(tick => (axis.Share(tick), Axis.Label(tick))),
        _ => [],
    };

    private static Axis Over(string name, Domain.Range range) => new(name, range.Low, range.High, range.Logarithmic, range.Integer);

    /// <summary>The position of the middle of a category's band on its axis, 0 … 1.</summary>
    private static double Place(int index, int count) => (index + 0.5) / count;

    // Spreads the runs of a category over three fifths of its band, by the golden ratio: at a single point their lines would hide each
    // other and the label.
    private static double Spread(int run, int count) => (run * 0.6180339887498949 % 1 - 0.5) * 0.6 / count;
}
