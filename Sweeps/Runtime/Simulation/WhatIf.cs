using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Training;

namespace Sweeps.Simulation;

/// <summary>A run whose recorded curve is shorter than the replay needs.</summary>
/// <param name="Run">The number in the log.</param>
/// <param name="Recorded">The last recorded epoch.</param>
/// <param name="Wanted">The epoch up to which the replay needed it.</param>
public sealed record MissingEpochs(int Run, int Recorded, int Wanted);

/// <summary>The result of replaying a finished sweep under another sweep file.</summary>
/// <param name="Runs">The number of runs that the replay started.</param>
/// <param name="Epochs">The number of epochs that the replay trained, as far as the log has them.</param>
/// <param name="RecordedEpochs">The number of epochs in the log.</param>
/// <param name="Winner">The number in the log of the best run of the replay, or null.</param>
/// <param name="Best">The best value of the replay, as reported.</param>
/// <param name="RecordedWinner">The best run of the log.</param>
/// <param name="RecordedBest">The best value of the log.</param>
/// <param name="Regret">How much worse the replay's best value is than that of the log, at least 0; null without a winner.</param>
/// <param name="Missing">The runs with too few recorded epochs. They end in the replay where their curve ends.</param>
public sealed record WhatIfResult(
    int Runs, long Epochs, long RecordedEpochs, int? Winner, double? Best, int? RecordedWinner, double? RecordedBest, double? Regret,
    IReadOnlyList<MissingEpochs> Missing)
{
    /// <summary>How much the log says about the sweep under the other sweep file.</summary>
    public Knowledge Knowledge => Missing.Count == 0 ? Knowledge.Exact : 2 * Missing.Count > Runs ? Knowledge.None : Knowledge.Bounds;
}

/// <summary>How much a log says about a sweep under another sweep file.</summary>
public enum Knowledge
{
    /// <summary>The replay has every epoch it needs.</summary>
    Exact,

    /// <summary>
    /// Some runs would have trained further than the log has. The sweep would have trained at least as many epochs as the replay and reached a best value
    /// at least as good.
    /// </summary>
    Bounds,

    /// <summary>More than half of the runs would have trained further than the log has.</summary>
    None,
}

/// <summary>Replays the recorded learning curves of a sweep under another rule, η or budget.</summary>
public static class WhatIf
{
    /// <summary>Replays the configurations of the log, in their order, on virtual slots under the rule and budget of the changed spec.</summary>
    /// <param name="events">The log, from its first event.</param>
    /// <param name="read">Parses the sweep files in the log.</param>
    /// <param name="change">Changes the last spec of the log.</param>
    /// <param name="slots">The number of slots, at least 1.</param>
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
        var result = VirtualSweep.Run(spec, Train, slots, _ => new RecordedOrder(started));
        return Compare(recorded, result.State, [.. missing.Values]);

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

    private static WhatIfResult Compare(SweepState recorded, SweepState replayed, IReadOnlyList<MissingEpochs> missing)
    {
        var objective = recorded.Spec.Objective;
        var (then, now) = (recorded.Best, replayed.Best);
        return new WhatIfResult(
            replayed.Runs.Count, replayed.EpochsRecorded, recorded.EpochsRecorded,
            now is null ? null : recorded.FindRun(now.Configuration), now is null ? null : objective.Orient(now.Best),
            then?.Number, then is null ? null : objective.Orient(then.Best), now is null || then is null ? null : now.Best - then.Best, missing);
    }

    private sealed class RecordedOrder(Configuration[] configurations) : ISearch
    {
        public long? Size => configurations.Length;

        public Suggestion? Propose(int index, int attempt, IHistory history) => 
            index < configurations.Length ? new Suggestion(configurations[index]) : null;
    }
}
