using Sweeps.Core;
using Sweeps.Files;

namespace Client.Views;

/// <summary>A snapshot of a sweep with all data of the displays.</summary>
/// <param name="Sweep">Its id.</param>
/// <param name="Title">Its name, or its data set.</param>
/// <param name="Rules">A short description of the search and the rules: <c>random · asha 1 3 9 27</c>.</param>
/// <param name="State">One word: <c>running</c>, <c>paused</c>, <c>stopping</c>, <c>finished</c>, <c>stopped</c>, <c>cancelled</c>, <c>failed</c>, <c>interrupted</c>.</param>
/// <param name="Metric">The objective's name.</param>
/// <param name="Counts">The number of runs in each state.</param>
/// <param name="Planned">The total number of runs, or null when the sweep file does not limit it.</param>
/// <param name="Epochs">The number of recorded epochs.</param>
/// <param name="EpochsExpected">
/// The expected total number of epochs if every rung promotes its share, or null when the sweep has no end.
/// </param>
/// <param name="Wasted">The number of epochs that were trained again after losses.</param>
/// <param name="EpochsPerSecond">The current rate of all slots together; null while it is unknown.</param>
/// <param name="Elapsed">The time for which this process has worked on the sweep, or, when it watches others, the time during which runs were assigned.</param>
/// <param name="Left">The estimated remaining time; null while it is unknown or above a thousand years.</param>
/// <param name="Running">The runs on slots, in order of number.</param>
/// <param name="Leaders">The best runs, best first.</param>
public sealed record SweepView(
    string Sweep, string Title, string Rules, string State, string Metric, RunCounts Counts, int? Planned, long Epochs, long? EpochsExpected,
    long Wasted, double? EpochsPerSecond, TimeSpan Elapsed, TimeSpan? Left, IReadOnlyList<RunView> Running, IReadOnlyList<RunView> Leaders)
{
    private const int MaxLeaders = 60;

    // A thousand years. A huge run_cap stands for no limit: its remaining time says nothing, and would overflow a TimeSpan.
    private const double MaxSecondsLeft = 1000 * 365.25 * 86400;

    /// <summary>The time since which the sweep is interrupted (<see cref="SweepHistory.InterruptedSince"/>), or null.</summary>
    public DateTimeOffset? InterruptedSince { get; init; }

    /// <summary>The <see cref="SweepSteered"/> event that paused the sweep or is stopping it; null otherwise.</summary>
    public LoggedEvent? Held { get; init; }

    /// <summary>The parameters that vary, in the order of a grid.</summary>
    public IReadOnlyList<string> Parameters { get; init; } = [];

    /// <summary>The obstacles that keep the sweep from progress, one sentence each.</summary>
    public IReadOnlyList<string> Obstacles { get; init; } = [];

    /// <summary>The best run so far, or null before the first finite value.</summary>
    public RunView? Best => Leaders.Count > 0 ? Leaders[0] : null;

    /// <summary>The current view of <paramref name="history"/>.</summary>
    public static SweepView Of(SweepHistory history, EpochRate rate, TimeSpan elapsed)
    {
        var (spec, state) = (history.Spec, history.State);
        var expected = ExpectedEpochs.Of(spec, spec.RunCap);
        var left = history.InterruptedSince is null && state.Status == SweepStatus.Running && expected is { } epochs && epochs > state.EpochsRecorded
            && rate.PerSecond is > 0 and { } perSecond && (epochs - state.EpochsRecorded) / perSecond is < MaxSecondsLeft and var seconds
            ? TimeSpan.FromSeconds(seconds)
            : (TimeSpan?)null;
        return new SweepView(
            history.Sweep, spec.Name, SpecText.Rules(spec), history.StatusName, spec.Objective.Name, history.Counts, spec.RunCap, state.EpochsRecorded, expected,
            state.EpochsWasted, rate.PerSecond, elapsed, left, [.. state.RunningRuns.Select(run => history.ViewOf(state.Runs[run]))],
            [.. state.Leaderboard(MaxLeaders).Select(history.ViewOf)])
        {
            Parameters = history.Varying,
            InterruptedSince = history.InterruptedSince,
            Held = history.Held,
        };
    }
}

/// <summary>The data of one run for a table.</summary>
/// <param name="Run">Its number.</param>
/// <param name="Name">Its readable name.</param>
/// <param name="State">Its state.</param>
/// <param name="Epoch">The last recorded epoch, 0 before the first.</param>
/// <param name="Until">The last epoch of the run.</param>
/// <param name="Best">Its best value of the objective so far, as reported; null before the first finite one.</param>
/// <param name="BestEpoch">The epoch of <paramref name="Best"/>, 0 before the first.</param>
/// <param name="Configuration">Its parameters.</param>
public sealed record RunView(int Run, string Name, RunState State, int Epoch, int Until, double? Best, int BestEpoch, Configuration Configuration)
{
    /// <summary>A metric of the weights of <see cref="BestEpoch"/> on the test part; null while they have not been evaluated.</summary>
    public (string Name, double Value)? Test { get; init; }
}

/// <summary>The number of runs in each state.</summary>
/// <param name="Total">All runs created so far.</param>
/// <param name="Running">On a slot.</param>
/// <param name="Queued">Waiting for a slot.</param>
/// <param name="Paused">At a rung, waiting to be promoted or stopped.</param>
/// <param name="Stopped">Ended early by a rule or a person.</param>
/// <param name="Finished">Trained to the last epoch.</param>
/// <param name="Diverged">Ended by NaN, infinity or an exploding loss.</param>
/// <param name="Failed">Ended by a permanent error.</param>
public sealed record RunCounts(int Total, int Running, int Queued, int Paused, int Stopped, int Finished, int Diverged, int Failed)
{
    /// <summary>The counts that are not zero: <c>34 runs · 2 running · 20 stopped early</c>.</summary>
    public string Describe()
    {
        (int Count, string Word)[] parts =
        [
            (Running, "running"), (Queued, "queued"), (Paused, "waiting at a rung"), (Stopped, "stopped early"), (Finished, "finished"),
            (Diverged, "diverged"), (Failed, "failed"),
        ];
        return string.Join(" · ", parts.Where(part => part.Count > 0).Select(part => $"{part.Count:N0} {part.Word}")
            .Prepend(Total == 1 ? "1 run" : $"{Total:N0} runs"));
    }
}
