using Client.Views;
using Sweeps.Analysis;
using Sweeps.Core;

namespace Client.Views;

/// <summary>The analysis of a finished or running sweep.</summary>
/// <param name="Epoch">The epoch whose values are compared.</param>
/// <param name="Compared">How many runs reached it.</param>
/// <param name="Rows">One per parameter that varies, most important first.</param>
/// <param name="Improvements">Every new best value, in the order of the log.</param>
/// <param name="Front">The Pareto front of value and seconds, fastest first.</param>
public sealed record SweepAnalysis(
    int Epoch, int Compared, IReadOnlyList<ImportanceRow> Rows, IReadOnlyList<Improvement> Improvements, IReadOnlyList<Tradeoff> Front)
{
    /// <summary>Analyses a sweep. Returns null before two runs have reached a common rung.</summary>
    public static SweepAnalysis? Of(SweepHistory history, IEnumerable<LoggedEvent> log)
    {
        var (spec, runs) = (history.Spec, history.State.Runs);
        var curves = runs.Select(run => new RunCurve(run.Number, run.Configuration, run.Curve.ToArray())).ToList();
        var rungs = history.State.Rungs.Select(rung => rung.Epoch).Append(runs.Select(run => run.MaxEpochs).DefaultIfEmpty(1).Max()).Distinct().ToList();
        if (ComparedRuns.Choose(curves, rungs, spec.Space.Parameters.Count) is not { Samples.Count: >= 2 } compared)
            return null;

        var ped = PedAnova.Of(spec.Space, compared.Samples).ToDictionary(one => one.Parameter, one => one.Share);
        var correlations = Correlations.Of(spec.Space, compared.Samples).ToLookup(one => one.Parameter);
        var rows = Fanova.Of(spec.Space, compared.Samples, spec.Seed).Select(one => new ImportanceRow(
            one.Parameter, one.Share, ped.GetValueOrDefault(one.Parameter), [.. correlations[one.Parameter].Select(row => Orient(row, spec.Objective))]));
        return new SweepAnalysis(
            compared.Epoch, compared.Samples.Count, [.. rows], BestSoFar.Of(Arrivals(history, log)),
            ParetoFront.Of(runs.Select(run => new Tradeoff(run.Number, run.Best, run.Seconds))));
    }

    private static IEnumerable<Arrival> Arrivals(SweepHistory history, IEnumerable<LoggedEvent> log) => log
        .Where(logged => logged.Event is EpochRecorded)
        .Select(logged => (logged.At, Epoch: (EpochRecorded)logged.Event))
        .Select(one => new Arrival(one.Epoch.Run, one.Epoch.Epoch, one.At - history.State.CreatedAt, history.State.Runs[one.Epoch.Run].ValueAt(one.Epoch.Epoch)));

    // Sweeps.Analysis minimizes; correlations are shown with the values as they were reported.
    private static Correlation Orient(Correlation row, Objective objective) => objective.Goal == Goal.Maximize
        ? row with { Pearson = -row.Pearson, Spearman = -row.Spearman }
        : row;
}

/// <summary>The importance of one parameter.</summary>
/// <param name="Parameter">Its full name.</param>
/// <param name="Fanova">Its share of the variance over the space, in [0, 1].</param>
/// <param name="PedAnova">Its share of the difference between the best tenth and the rest, in [0, 1].</param>
/// <param name="Correlations">With the objective as it is reported: one row for a number, one per category.</param>
public sealed record ImportanceRow(string Parameter, double Fanova, double PedAnova, IReadOnlyList<Correlation> Correlations);
