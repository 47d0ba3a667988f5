using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Training;

namespace Sweeps.Simulation;

/// <summary>The best so far, each time it changed.</summary>
/// <param name="Epochs">Epochs of the whole sweep by then.</param>
/// <param name="Run">Whose value it is.</param>
/// <param name="Value">The value as reported.</param>
/// <param name="Regret">How far it is from the best there is, or null when that is not known.</param>
public sealed record Milestone(long Epochs, int Run, double Value, double? Regret);

/// <summary>A sweep on a virtual clock, judged.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="Runs">Runs that were started.</param>
/// <param name="Epochs">Epochs that were trained.</param>
/// <param name="Time">How long it took, in epochs: every slot trains one at a time.</param>
/// <param name="Ends">
/// How many runs ended how: <c>finished</c>, <c>diverged</c>, <c>failed</c>, the type of the rule that stopped them, or <c>ended</c> for those
/// that trained or waited at a rung when the sweep ended.
/// </param>
/// <param name="Winner">The configuration of the best run, or null when no run had a finite value.</param>
/// <param name="Progress">Every improvement in order; empty without a finite value.</param>
/// <param name="Log">Its events; empty unless asked for.</param>
public sealed record SimulatedSweep(
    ulong Seed, int Runs, long Epochs, long Time, IReadOnlyDictionary<string, int> Ends, Configuration? Winner, IReadOnlyList<Milestone> Progress,
    IReadOnlyList<LoggedEvent> Log)
{
    /// <summary>The last improvement, or null.</summary>
    public Milestone? Best => Progress.Count > 0 ? Progress[^1] : null;

    /// <summary>The best after so many epochs of the sweep, or null.</summary>
    public Milestone? After(long epochs) => Progress.LastOrDefault(milestone => milestone.Epochs <= epochs);

    /// <summary>Simulates a sweep to its end: it must have one. Nothing is random but by the sweep's seed.</summary>
    /// <param name="spec">What to do.</param>
    /// <param name="trainable">What stands in for training.</param>
    /// <param name="slots">How many slots train, at least 1.</param>
    /// <param name="cancel">Gives it up between two epochs.</param>
    /// <param name="keepLog">Whether the result has the events.</param>
    public static SimulatedSweep Run(SweepSpec spec, ITrainable trainable, int slots, CancellationToken cancel, bool keepLog = false)
    {
        var train = VirtualSweep.Training(trainable);
        var result = VirtualSweep.Run(spec, Train, slots, SearchFactory.Create, keepLog: keepLog);
        var state = result.State;
        var regret = Regrets.Of(spec, trainable);
        return new SimulatedSweep(
            spec.Seed, state.Runs.Count, state.EpochsRecorded, result.Ticks, Count(state), state.Best?.Configuration,
            [.. result.Incumbents.Select(best => new Milestone(best.Epochs, best.Run, best.Value, regret?.Invoke(state.Runs[best.Run], best.Value)))], result.Log);

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
