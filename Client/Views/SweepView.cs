using Sweeps.Core;

namespace Client.Views;

/// <summary>A sweep at one moment, as a person looks at it: all that rendering needs, and nothing that has to be asked for.</summary>
/// <param name="Sweep">Its id.</param>
/// <param name="Title">Its name, or its data set.</param>
/// <param name="Rules">How it searches and stops early, in a few words: <c>random · asha 1 3 9 27</c>.</param>
/// <param name="State">One word: <c>running</c>, <c>paused</c>, <c>stopping</c>, <c>finished</c>, <c>stopped</c>, <c>cancelled</c>, <c>failed</c>, <c>interrupted</c>.</param>
/// <param name="Metric">The objective's name.</param>
/// <param name="Counts">How many runs stand where.</param>
/// <param name="Planned">How many runs there will be, or null when nobody knows.</param>
/// <param name="Epochs">Epochs recorded so far.</param>
/// <param name="EpochsExpected">Epochs the sweep will take if every rung keeps its share, or null when there is no end to it.</param>
/// <param name="Wasted">Epochs trained again after a loss.</param>
/// <param name="EpochsPerSecond">Over the last seconds, all slots together; null before the second epoch.</param>
/// <param name="Elapsed">Time the sweep has been worked on in this process, or from the first event to the last.</param>
/// <param name="Left">An estimate of the time to go, or null.</param>
/// <param name="Running">The runs on slots, in order of number.</param>
/// <param name="Leaders">The best runs, best first.</param>
public sealed record SweepView(
    string Sweep, string Title, string Rules, string State, string Metric, RunCounts Counts, int? Planned, long Epochs, long? EpochsExpected,
    long Wasted, double? EpochsPerSecond, TimeSpan Elapsed, TimeSpan? Left, IReadOnlyList<RunView> Running, IReadOnlyList<RunView> Leaders)
{
    /// <summary>Who works on it: <c>process 42 on host since …</c>, <c>3 nodes</c>; null when no one does.</summary>
    public string? Worker { get; init; }

    /// <summary>Since when no one works on it, though it is neither over nor paused; null otherwise.</summary>
    public DateTimeOffset? InterruptedSince { get; init; }

    /// <summary>The <see cref="SweepSteered"/> event (who, when, why) by which a person paused it, or is stopping it; null otherwise.</summary>
    public LoggedEvent? Held { get; init; }

    /// <summary>What keeps the sweep from progress, one sentence each.</summary>
    public IReadOnlyList<string> Obstacles { get; init; } = [];

    /// <summary>The best run so far, or null before the first finite value.</summary>
    public RunView? Best => Leaders.Count > 0 ? Leaders[0] : null;
}
