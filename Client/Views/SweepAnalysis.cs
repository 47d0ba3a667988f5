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
        return ParameterAnalysis.Of(history.State) is { } parameters
            ? new SweepAnalysis(
                parameters.Epoch, parameters.Compared, parameters.Rows, BestSoFar.Of(Arrivals(history, log)),
                ParetoFront.Of(history.State.Runs.Select(run => new Tradeoff(run.Number, run.Best, run.Seconds))))
            : null;
    }

    private static IEnumerable<Arrival> Arrivals(SweepHistory history, IEnumerable<LoggedEvent> log) => log
        .Where(logged => logged.Event is EpochRecorded)
        .Select(logged => (logged.At, Epoch: (EpochRecorded)logged.Event))
        .Select(one => new Arrival(one.Epoch.Run, one.Epoch.Epoch, one.At - history.State.CreatedAt, history.State.Runs[one.Epoch.Run].ValueAt(one.Epoch.Epoch)));
}
