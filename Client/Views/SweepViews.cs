using Sweeps.Core;
using Sweeps.Files;

namespace Client.Views;

/// <summary>Makes the picture of a moment from a sweep's history.</summary>
public static class SweepViews
{
    private const int MostLeaders = 60;

    /// <summary>The moment <paramref name="now"/>.</summary>
    /// <param name="history">What the log says.</param>
    /// <param name="rate">The pace of recorded epochs.</param>
    /// <param name="elapsed">Time worked on it.</param>
    public static SweepView Of(SweepHistory history, EpochRate rate, TimeSpan elapsed)
    {
        var spec = history.Spec;
        var planned = spec.RunCap;
        var expected = ExpectedEpochs.Of(spec, planned);
        var left = history.InterruptedSince is null && history.State.Status == SweepStatus.Running && expected is { } epochs && epochs > history.State.EpochsRecorded && rate.PerSecond is > 0 and { } perSecond
            ? TimeSpan.FromSeconds((epochs - history.State.EpochsRecorded) / perSecond)
            : (TimeSpan?)null;
        return new SweepView(
            history.Sweep, spec.Name, Rules(spec), history.InAWord, spec.Objective.Name, history.Counts, planned, history.State.EpochsRecorded, expected,
            history.State.EpochsWasted, rate.PerSecond, elapsed, left, [.. history.State.RunningRuns.Select(run => history.ViewOf(history.State.Runs[run]))],
            [.. history.State.Leaderboard(MostLeaders).Select(history.ViewOf)])
        {
            Worker = history.Worker,
            InterruptedSince = history.InterruptedSince,
            Held = history.Held,
        };
    }

    /// <summary>How a sweep searches and stops early, in a few words: <c>random · asha 1 3 9 27</c>.</summary>
    public static string Rules(SweepSpec spec) => string.Join(" · ",
        spec.Rules.Select(rule => rule.Summary).Prepend(spec.Method.ToString().ToLowerInvariant()).Prepend(Trained(spec.Trainable)));

    /// <summary>How a sweep stops runs early: <c>asha 1 3 9 27 + median</c>, or <c>none</c>.</summary>
    public static string Stopping(SweepSpec spec) => spec.Rules.Count == 0 ? "none" : string.Join(" + ", spec.Rules.Select(rule => rule.Summary));

    /// <summary>The name of what is trained: a data set, a table, a function.</summary>
    public static string Trained(TrainableSpec trainable) => trainable switch
    {
        TrainableSpec.Network { Dataset: var dataset } => string.Join(',', dataset.Split(',').Select(WithoutFolder)),
        TrainableSpec.Table { File: var file } => Path.GetFileName(file),
        TrainableSpec.Function { Name: var name } => name,
        _ => trainable.ToString(),
    };

    // csv:/home/ann/rings.csv#label is shown as csv:rings.csv#label.
    private static string WithoutFolder(string file) => file.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon
        ? file[..(colon + 1)] + Path.GetFileName(file[(colon + 1)..])
        : Path.GetFileName(file);
}
