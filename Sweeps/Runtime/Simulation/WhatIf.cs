using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Training;

namespace Sweeps.Simulation;

/// <summary>A run whose recorded curve ends before the other scheduler would have ended it.</summary>
/// <param name="Run">Its number in the log.</param>
/// <param name="Recorded">The last epoch the log has.</param>
/// <param name="Wanted">The epoch until which it would have been trained next.</param>
public sealed record MissingEpochs(int Run, int Recorded, int Wanted);

/// <summary>What a finished sweep would have come to under another sweep file.</summary>
/// <param name="Runs">Runs that would have been started.</param>
/// <param name="Epochs">Epochs that would have been trained, as far as the log has them.</param>
/// <param name="RecordedEpochs">Epochs that were trained.</param>
/// <param name="Winner">The run (its number in the log) that would have won, or null.</param>
/// <param name="Best">Its best value, as reported.</param>
/// <param name="RecordedWinner">The run that did win.</param>
/// <param name="RecordedBest">Its best value.</param>
/// <param name="Regret">How much worse the winner is than the best of the log, at least 0; null without a winner.</param>
/// <param name="Missing">
/// Runs for which the log has too few epochs; they count as ended where it ends. With any, the answer is a bound.
/// </param>
public sealed record WhatIfResult(
    int Runs, long Epochs, long RecordedEpochs, int? Winner, double? Best, int? RecordedWinner, double? RecordedBest, double? Regret,
    IReadOnlyList<MissingEpochs> Missing);

/// <summary>Replays a sweep's recorded learning curves under another scheduler, η or budget.</summary>
public static class WhatIf
{
    /// <summary>Starts the log's configurations in the log's order on virtual slots and lets the other file's rules decide.</summary>
    /// <param name="events">The log, from its first event.</param>
    /// <param name="read">Parses the sweep files in the log.</param>
    /// <param name="change">What is different: gets what the log's last file says.</param>
    /// <param name="slots">How many slots train, at least 1.</param>
    public static WhatIfResult Replay(IEnumerable<LoggedEvent> events, SpecReader read, Func<SweepSpec, SweepSpec> change, int slots)
    {
        var recorded = new SweepState(read);
        var curves = new Dictionary<Configuration, List<EpochReport>>();
        foreach (var logged in events)
        {
            recorded.Apply(logged);
            if (logged.Event is EpochRecorded epoch && recorded.FindRun(recorded.Runs[epoch.Run].Configuration) == epoch.Run)
                Curve(curves, recorded.Runs[epoch.Run].Configuration).Add(new EpochReport(epoch.Epoch, epoch.Metrics, epoch.Seconds));
        }
        var started = recorded.Runs.Where(run => curves.ContainsKey(run.Configuration)).Select(run => run.Configuration).Distinct().ToArray();
        var missing = new SortedDictionary<int, MissingEpochs>();
        var spec = change(recorded.Spec) with { Enqueue = [], Constraints = [], Method = SearchMethod.Random };
        var result = VirtualSweep.Run(spec, Train, slots, _ => new Recorded(started));
        return Judge(recorded, result.State, [.. missing.Values]);

        EpochReport Train(SweepRun run, int epoch)
        {
            var curve = curves[run.Configuration];
            var last = epoch == curve.Count && epoch < run.MaxEpochs;
            if (last && recorded.FindRun(run.Configuration) is { } number && recorded.Runs[number].State != RunState.Diverged)
                missing[number] = new MissingEpochs(number, epoch, Math.Max(run.Until, epoch + 1));
            return curve[epoch - 1] with { Last = last };
        }
    }

    private static List<EpochReport> Curve(Dictionary<Configuration, List<EpochReport>> curves, Configuration configuration)
    {
        if (!curves.TryGetValue(configuration, out var curve))
            curves[configuration] = curve = [];
        return curve;
    }

    private static WhatIfResult Judge(SweepState recorded, SweepState replayed, IReadOnlyList<MissingEpochs> missing)
    {
        var objective = recorded.Spec.Objective;
        var (then, now) = (recorded.Best, replayed.Best);
        return new WhatIfResult(
            replayed.Runs.Count, replayed.EpochsRecorded, recorded.EpochsRecorded,
            now is null ? null : recorded.FindRun(now.Configuration), now is null ? null : objective.Orient(now.Best),
            then?.Number, then is null ? null : objective.Orient(then.Best), now is null || then is null ? null : now.Best - then.Best, missing);
    }

    private sealed class Recorded(Configuration[] configurations) : ISearch
    {
        public long? Size => configurations.Length;

        public Configuration? Propose(int index, int attempt, IHistory history) => index < configurations.Length ? configurations[index] : null;
    }
}
