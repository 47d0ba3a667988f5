using Sweeps.Core;
using Sweeps.Files;
using Sweeps.Training;

namespace Sweeps.Analysis;

/// <summary>The importance of each parameter for a metric, computed from the values of runs at one epoch.</summary>
/// <param name="Metric">The name of the metric; <see cref="Seconds"/> for the time of an epoch.</param>
/// <param name="Epoch">The epoch whose values are compared.</param>
/// <param name="Compared">The number of runs with a value at the epoch; runs that diverged or failed before it count with the value +∞.</param>
/// <param name="Used">The number of them that were analysed: all, or evenly spaced ones if a limit was given.</param>
/// <param name="Stopped">The number of runs that were stopped before the epoch and have no value.</param>
/// <param name="Rows">One per parameter that varies, in descending order of importance.</param>
public sealed record ParameterAnalysis(string Metric, int Epoch, int Compared, int Used, int Stopped, IReadOnlyList<ImportanceRow> Rows)
{
    /// <summary>The name that stands for the mean time of an epoch in seconds.</summary>
    public const string Seconds = "seconds";

    private const int RunsPerParameter = 10;

    /// <summary>The number of runs that the shares need to be reliable: 10 per parameter.</summary>
    public int RecommendedRuns => RunsPerParameter * Rows.Count;

    /// <summary>Analyses the objective. Returns null if fewer than two runs have a value at the epoch.</summary>
    /// <param name="state">The state of the sweep.</param>
    /// <param name="most">The maximum number of runs that are analysed, at least 2. It limits the time that the forest takes.</param>
    /// <param name="epoch">The epoch at which runs are compared; null for the one that <see cref="ComparedRuns.Choose"/> selects.</param>
    public static ParameterAnalysis? Of(SweepState state, int most = int.MaxValue, int? epoch = null) => Of(
        state, state.Spec.Objective, [.. state.SearchedRuns.Select(run => new RunCurve(run.Number, run.Configuration, run.Curve.ToArray(), EndOf(run)))], most, epoch);

    /// <summary>Analyses a recorded metric or <see cref="Seconds"/>. Returns null if fewer than two runs have a value at the epoch.</summary>
    /// <param name="state">The state of the sweep.</param>
    /// <param name="log">The events of the sweep.</param>
    /// <param name="metric">
    /// The name of the metric. Except for the objective, its goal is the usual one of the trainable, else the one that the name suggests; smaller is better if
    /// neither is known.
    /// </param>
    /// <param name="epoch">The epoch at which runs are compared; null for the one that <see cref="ComparedRuns.Choose"/> selects.</param>
    public static ParameterAnalysis? Of(SweepState state, IEnumerable<LoggedEvent> log, string metric, int? epoch)
    {
        if (metric == state.Spec.Objective.Name)
            return Of(state, epoch: epoch);
        var objective = new Objective(metric, GoalOf(state.Spec.Trainable, metric));
        var values = state.Runs.Select(_ => new List<double>()).ToArray();
        foreach (var recorded in log.Select(logged => logged.Event).OfType<EpochRecorded>())
            values[recorded.Run].Add(metric == Seconds ? recorded.Seconds : objective.Of(recorded.Metrics));
        if (metric == Seconds)
            Array.ForEach(values, MeansOf);
        // The missing times of a diverged run are unknown, not infinite.
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

    private static Goal GoalOf(TrainableSpec trainable, string metric) =>
        TrainableFactory.All.FirstOrDefault(kind => kind.Matches(trainable))?.UsualGoal(metric)
        ?? MetricCheck.GoalOf(metric)
        ?? (metric.Contains("acc", StringComparison.OrdinalIgnoreCase) ? Goal.Maximize : Goal.Minimize);

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

    // The analysis minimizes and negates a maximized metric. Negating the correlations makes them refer to the reported values again.
    private static Correlation Orient(Correlation row, Objective objective) => objective.Goal == Goal.Maximize
        ? row with { Pearson = -row.Pearson, Spearman = -row.Spearman }
        : row;
}

/// <summary>The importance of one parameter.</summary>
/// <param name="Parameter">Its full name.</param>
/// <param name="Fanova">Its share of the variance over the space, in [0, 1].</param>
/// <param name="PedAnova">Its share of the divergence of the best tenth of the runs from all runs, in [0, 1].</param>
/// <param name="Correlations">Its correlations with the reported values of the metric: one for a number, one per category.</param>
public sealed record ImportanceRow(string Parameter, double Fanova, double PedAnova, IReadOnlyList<Correlation> Correlations);
