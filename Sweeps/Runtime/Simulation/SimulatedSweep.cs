using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Training;
using Sweeps.Training.Functions;

namespace Sweeps.Simulation;

/// <summary>An improvement of the best value of a sweep.</summary>
/// <param name="Epochs">The number of epochs that the whole sweep had trained.</param>
/// <param name="Run">The number of the run.</param>
/// <param name="Value">The value as reported.</param>
/// <param name="Regret">The distance from the optimum; null if the optimum is unknown.</param>
public sealed record Milestone(long Epochs, int Run, double Value, double? Regret);

/// <summary>The result of a sweep on a virtual clock.</summary>
/// <param name="Seed">The seed of the sweep.</param>
/// <param name="Runs">The number of runs of the search, without those that confirm others.</param>
/// <param name="Epochs">The number of trained epochs.</param>
/// <param name="Time">The duration in ticks; every slot trains one epoch per tick.</param>
/// <param name="Ends">
/// The number of runs by their end: <c>finished</c>, <c>diverged</c>, <c>failed</c>, the type of the rule that stopped them, or <c>ended</c>
/// for runs that were training or waiting at a rung when the sweep ended.
/// </param>
/// <param name="Winner">The configuration of the best run; null if no run reported a finite value.</param>
/// <param name="Progress">The improvements in order; empty if no run reported a finite value.</param>
/// <param name="Log">The events, if they were kept; else empty.</param>
/// <param name="Failure">The reason why the sweep failed, such as constraints that no configuration satisfies; null if it did not fail.</param>
public sealed record SimulatedSweep(
    ulong Seed, int Runs, long Epochs, long Time, IReadOnlyDictionary<string, int> Ends, Configuration? Winner, IReadOnlyList<Milestone> Progress,
    IReadOnlyList<LoggedEvent> Log, string? Failure = null)
{
    /// <summary>The last improvement, or null.</summary>
    public Milestone? Best => Progress.Count > 0 ? Progress[^1] : null;

    /// <summary>The last improvement within the first <paramref name="epochs"/> epochs of the sweep, or null.</summary>
    public Milestone? After(long epochs) => Progress.LastOrDefault(milestone => milestone.Epochs <= epochs);

    /// <summary>Simulates a sweep to its end. The same seed gives the same result.</summary>
    /// <param name="spec">The sweep. It must have an end: a limit on its runs, a budget or a grid.</param>
    /// <param name="trainable">The trainable, such as a function or a table.</param>
    /// <param name="slots">The number of slots, at least 1.</param>
    /// <param name="cancel">Cancels the simulation between two epochs.</param>
    /// <param name="keepLog">Whether the result has the events.</param>
    public static SimulatedSweep Run(SweepSpec spec, ITrainable trainable, int slots, CancellationToken cancel, bool keepLog = false)
    {
        var train = VirtualSweep.Training(trainable);
        var result = VirtualSweep.Run(spec, Train, slots, SearchFactory.Create, keepLog: keepLog);
        var state = result.State;
        var regret = Regrets.Of(spec, trainable);
        return new SimulatedSweep(
            spec.Seed, state.SearchedRuns.Count, state.EpochsRecorded, result.Ticks, Count(state), state.Best?.Configuration,
            [.. result.Incumbents.Select(best => new Milestone(best.Epochs, best.Run, best.Value, regret?.Invoke(state.Runs[best.Run], best.Value)))], result.Log,
            state.Outcome == SweepOutcome.Failed ? state.EndReason?.Detail : null);

        EpochReport Train(SweepRun run, int epoch)
        {
            cancel.ThrowIfCancellationRequested();
            return train(run, epoch);
        }
    }

    private static SortedDictionary<string, int> Count(SweepState state)
    {
        var ends = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var run in state.Runs)
        {
            var end = run.State == RunState.Stopped && run.Reason is { } reason ? reason.Rule : run.State.ToString().ToLowerInvariant();
            ends[end] = ends.GetValueOrDefault(end) + 1;
        }
        return ends;
    }
}

/// <summary>
/// Returns the distance from the optimum of a run whose best reported value is <paramref name="value"/>.
/// </summary>
public delegate double Regret(SweepRun run, double value);

/// <summary>Measures the regret of the runs of a simulated sweep.</summary>
public static class Regrets
{
    /// <summary>
    /// Returns the regret for a trainable; null if the optimum is unknown. For a function it is the simple regret of the run's configuration at full
    /// fidelity and without noise. For a table it is the value on a scale on which 0 is the best row of the table and 1 the median row
    /// (docs/rules.md, 9).
    /// </summary>
    public static Regret? Of(SweepSpec spec, ITrainable trainable) => trainable switch
    {
        FunctionTrainable { Function: var function } when spec.Objective.Goal == function.Goal && spec.Objective.Name == FunctionTrainable.Metric =>
            (run, _) => function.Regret(function.Value(run.Configuration, Last(spec, run), run.Seed)),
        TableTrainable { Curves: var curves } => OfTable(spec, curves),
        _ => null,
    };

    private static FidelityLevel Last(SweepSpec spec, SweepRun run)
    {
        var epochs = spec.EpochsOf(run.Configuration);
        return new FidelityLevel(epochs, epochs, Fidelity.Linear);
    }

    private static Regret? OfTable(SweepSpec spec, LearningCurves curves)
    {
        if (curves[spec.Objective.Name] is not { } rows)
            return null;
        var best = Array.ConvertAll(rows, row => row.Take(spec.MaxEpochs).Where(double.IsFinite).Select(spec.Objective.Orient).DefaultIfEmpty(double.PositiveInfinity).Min());
        Array.Sort(best);
        var (least, median) = (best[0], best[best.Length / 2]);
        return double.IsFinite(median) && median > least ? (_, value) => (spec.Objective.Orient(value) - least) / (median - least) : null;
    }
}
