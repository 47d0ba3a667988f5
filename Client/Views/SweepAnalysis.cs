using Sweeps.Analysis;
using Sweeps.Core;

namespace Client.Views;

/// <summary>The analysis of a finished or running sweep.</summary>
/// <param name="Parameters">The importance of each parameter.</param>
/// <param name="Improvements">Every new best value, in the order of the log.</param>
/// <param name="Front">The Pareto front of value and training time, fastest first.</param>
public sealed record SweepAnalysis(ParameterAnalysis Parameters, IReadOnlyList<Improvement> Improvements, IReadOnlyList<Tradeoff> Front)
{
    /// <summary>One row per varying parameter, most important first.</summary>
    public IReadOnlyList<ImportanceRow> Rows => Parameters.Rows;

    /// <summary>Analyses a sweep. Returns null when fewer than two runs have a value to compare.</summary>
    /// <param name="history">The sweep.</param>
    /// <param name="log">Its events; may be empty if neither <paramref name="metric"/> nor <see cref="Improvements"/> is needed.</param>
    /// <param name="metric">A recorded metric or <see cref="ParameterAnalysis.Seconds"/>; null for the objective.</param>
    /// <param name="epoch">The epoch at which runs are compared; null for the most suitable one.</param>
    public static SweepAnalysis? Of(SweepHistory history, IReadOnlyCollection<LoggedEvent> log, string? metric = null, int? epoch = null)
    {
        var parameters = metric is null ? ParameterAnalysis.Of(history.State, epoch: epoch) : ParameterAnalysis.Of(history.State, log, metric, epoch);
        return parameters is null ? null : new SweepAnalysis(
            parameters, BestSoFar.Of(Arrivals(history, log)),
            ParetoFront.Of(history.State.SearchedRuns.Select(run => new Tradeoff(run.Number, run.Best, run.Seconds))));
    }

    /// <summary>The names of all recorded metrics, and <see cref="ParameterAnalysis.Seconds"/>.</summary>
    public static IReadOnlyList<string> Metrics(IEnumerable<LoggedEvent> log) =>
    [
        .. log.Select(logged => logged.Event).OfType<EpochRecorded>().SelectMany(recorded => recorded.Metrics.Keys).Distinct().Order(StringComparer.Ordinal),
        ParameterAnalysis.Seconds,
    ];

    private static IEnumerable<Arrival> Arrivals(SweepHistory history, IEnumerable<LoggedEvent> log) => log
        .Where(logged => logged.Event is EpochRecorded)
        .Select(logged => (logged.At, Epoch: (EpochRecorded)logged.Event))
        .Where(one => history.State.Runs[one.Epoch.Run].Confirms is null)
        .Select(one => new Arrival(one.Epoch.Run, one.Epoch.Epoch, one.At - history.State.CreatedAt, history.State.Runs[one.Epoch.Run].ValueAt(one.Epoch.Epoch)));
}
