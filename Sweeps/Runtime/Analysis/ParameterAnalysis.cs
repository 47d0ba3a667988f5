using Sweeps.Core;

namespace Sweeps.Analysis;

/// <summary>How much each parameter mattered for a metric, over the runs that can be compared at one epoch.</summary>
/// <param name="Metric">The metric; <see cref="Seconds"/> for the cost.</param>
/// <param name="Epoch">The epoch whose values are compared.</param>
/// <param name="Compared">How many runs have a value there; runs that diverged or failed before count with the worst.</param>
/// <param name="Used">How many of them were analysed: all, or evenly spaced ones where a limit was given.</param>
/// <param name="Stopped">How many runs were stopped before the epoch and are missing.</param>
/// <param name="Rows">One per parameter that varies, most important first.</param>
public sealed record ParameterAnalysis(string Metric, int Epoch, int Compared, int Used, int Stopped, IReadOnlyList<ImportanceRow> Rows)
{
    /// <summary>The metric for the mean seconds of an epoch.</summary>
    public const string Seconds = "seconds";

    private const int RunsPerParameter = 10;

    /// <summary>The number of runs from which on the shares mean something.</summary>
    public int Enough => RunsPerParameter * Rows.Count;

    /// <summary>Analyses the objective. Returns null when fewer than two runs have a value to compare.</summary>
    /// <param name="state">The sweep.</param>
    /// <param name="most">The most runs that are analysed, at least 2: the time of a forest grows with them.</param>
    /// <param name="epoch">The epoch to compare at; null for the best one (<see cref="ComparedRuns.Choose"/>).</param>
    public static ParameterAnalysis? Of(SweepState state, int most = int.MaxValue, int? epoch = null) => Of(
        state, state.Spec.Objective, [.. state.SearchedRuns.Select(run => new RunCurve(run.Number, run.Configuration, run.Curve.ToArray(), EndOf(run)))], most, epoch);

    /// <summary>Analyses a recorded metric or <see cref="Seconds"/>.</summary>
    /// <param name="state">The sweep.</param>
    /// <param name="log">Its events.</param>
    /// <param name="metric">The metric. Smaller is better, unless its name says otherwise.</param>
    /// <param name="epoch">The epoch to compare at; null for the best one.</param>
    public static ParameterAnalysis? Of(SweepState state, IEnumerable<LoggedEvent> log, string metric, int? epoch)
    {
        if (metric == state.Spec.Objective.Name)
            return Of(state, epoch: epoch);
        var objective = new Objective(metric, metric.Contains("acc", StringComparison.OrdinalIgnoreCase) ? Goal.Maximize : Goal.Minimize);
        var values = state.Runs.Select(_ => new List<double>()).ToArray();
        foreach (var recorded in log.Select(logged => logged.Event).OfType<EpochRecorded>())
            values[recorded.Run].Add(metric == Seconds ? recorded.Seconds : objective.Of(recorded.Metrics));
        if (metric == Seconds)
            Array.ForEach(values, MeansOf);
        // A run that diverged has no other costs.
        return Of(state, objective, [.. state.SearchedRuns.Select(run => new RunCurve(
            run.Number, run.Configuration, values[run.Number], metric == Seconds && EndOf(run) == CurveEnd.Worst ? CurveEnd.Unknown : EndOf(run)))], int.MaxValue, epoch);
    }

    private static ParameterAnalysis? Of(SweepState state, Objective objective, IReadOnlyList<RunCurve> curves, int most, int? epoch)
    {
        var space = state.Spec.Space;
        var last = state.SearchedRuns.Select(run => run.MaxEpochs).DefaultIfEmpty(1).Max();
        int[] rungs = state.Rungs.Any() ? [.. state.Rungs.Select(rung => rung.Epoch).Append(last).Distinct()] : [];
        var compared = epoch is { } wanted ? ComparedRuns.At(curves, wanted) : ComparedRuns.Choose(curves, rungs, space.Parameters.Count);
        if (compared is not { Samples.Count: >= 2 })
            return null;
        var samples = compared.Samples;
        if (samples.Count > most)
            samples = [.. Enumerable.Range(0, most).Select(i => compared.Samples[(int)((long)i * compared.Samples.Count / most)])];
        var ped = PedAnova.Of(space, samples).ToDictionary(one => one.Parameter, one => one.Share);
        var correlations = Correlations.Of(space, samples).ToLookup(one => one.Parameter);
        return new ParameterAnalysis(
            objective.Name, compared.Epoch, compared.Samples.Count, samples.Count, compared.Stopped,
            [.. Fanova.Of(space, samples, state.Spec.Seed).Select(one => new ImportanceRow(
                one.Parameter, one.Share, ped.GetValueOrDefault(one.Parameter), [.. correlations[one.Parameter].Select(row => Orient(row, objective))]))]);
    }

    private static CurveEnd EndOf(SweepRun run) => run switch
    {
        { State: RunState.Diverged or RunState.Failed } => CurveEnd.Worst,
        { State: RunState.Paused } or { State: RunState.Stopped, Reason.Rule: not ("ended" or "person") } => CurveEnd.Stopped,
        _ => CurveEnd.Unknown,
    };

    private static void MeansOf(List<double> seconds)
    {
        var sum = 0.0;
        for (var i = 0; i < seconds.Count; i++)
            seconds[i] = (sum += seconds[i]) / (i + 1);
    }

    // The analysis minimizes; correlations are shown with the values as they were reported.
    private static Correlation Orient(Correlation row, Objective objective) => objective.Goal == Goal.Maximize
        ? row with { Pearson = -row.Pearson, Spearman = -row.Spearman }
        : row;
}

/// <summary>The importance of one parameter.</summary>
/// <param name="Parameter">Its full name.</param>
/// <param name="Fanova">Its share of the variance over the space, in [0, 1].</param>
/// <param name="PedAnova">Its share of the difference between the best tenth and the rest, in [0, 1].</param>
/// <param name="Correlations">With the metric as it is reported: one row for a number, one per category.</param>
public sealed record ImportanceRow(string Parameter, double Fanova, double PedAnova, IReadOnlyList<Correlation> Correlations);
