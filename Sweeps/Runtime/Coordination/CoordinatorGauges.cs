using Sweeps.Core;
using Sweeps.Files;
using Sweeps.Telemetry;

namespace Sweeps.Coordination;

/// <summary>
/// Publishes a coordinator's state as metrics. Only the pump may read the state, so the pump copies the published values, at most every half second.
/// </summary>
internal sealed class CoordinatorGauges : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);

    private readonly string sweep;
    private readonly CoordinatorContext context;
    private readonly IDisposable registration;
    private volatile SweepGauges current;
    private long refreshedAt;

    public CoordinatorGauges(string sweep, CoordinatorContext context)
    {
        (this.sweep, this.context) = (sweep, context);
        current = new SweepGauges(sweep, false, new Dictionary<string, int>(), [], 0, null, null);
        registration = context.Metrics.ShowSweep(sweep, () => current);
    }

    /// <summary>Copies the state when the last copy is older than half a second. Called by the pump.</summary>
    public void Refresh(SweepState state)
    {
        if (refreshedAt != 0 && context.Time.GetElapsedTime(refreshedAt) < Interval)
            return;
        refreshedAt = context.Time.GetTimestamp();
        var byState = Enum.GetValues<RunState>().ToDictionary(s => s.ToString().ToLowerInvariant(), state.Count);
        current = new SweepGauges(
            sweep,
            state.Status == SweepStatus.Running,
            byState,
            [.. state.Rungs.Select(rung => new RungGauge(rung.Bracket, rung.Epoch, rung.Arrived))],
            Waiting(state),
            state.Best is { Metrics: { } metrics } ? metrics.GetValueOrDefault(state.Spec.Objective.Name) : null,
            Remaining(state));
    }

    /// <summary>
    /// The number of runs that would start if there were free slots: queued runs and, if the sweep file limits the number of runs, those not
    /// proposed yet. It is at most what the sweep's slot limit allows, and 0 unless the sweep is running.
    /// </summary>
    internal static int Waiting(SweepState state)
    {
        if (state.Status != SweepStatus.Running)
            return 0;
        // During a review the search proposes no runs.
        var unproposed = state.Review is null ? Math.Max(0, (state.Spec.RunCap ?? 0) - state.SearchedRuns.Count) : 0;
        var allowed = (state.Spec.Slots.MaxSlots ?? int.MaxValue) - state.Count(RunState.Running);
        return (int)Math.Clamp((long)state.QueuedRuns.Count + unproposed, 0, Math.Max(0, allowed));
    }

    /// <summary>
    /// The estimated seconds to the end: the smaller of the rest of the time budget and the time of the remaining expected epochs at the mean pace so far.
    /// Null if neither is known.
    /// </summary>
    private static double? Remaining(SweepState state)
    {
        if (state.Status == SweepStatus.Ended)
            return 0;
        var byTime = state.Spec.Budget.WallTime is { } limit ? Math.Max(0, (limit - state.Busy).TotalSeconds) : (double?)null;
        var byEpochs = ExpectedEpochs.Of(state.Spec, state.Spec.RunCap) is { } expected && state.EpochsRecorded > 0
            ? Math.Max(0, expected - state.EpochsRecorded) * state.Busy.TotalSeconds / state.EpochsRecorded
            : (double?)null;
        return byTime < byEpochs ? byTime : byEpochs ?? byTime;
    }

    /// <summary>Counts durable events.</summary>
    public void Count(IReadOnlyList<LoggedEvent> events)
    {
        foreach (var logged in events)
        {
            switch (logged.Event)
            {
                case EpochRecorded:
                    context.Metrics.EpochRecorded(sweep);
                    break;
                case EpochsWasted wasted:
                    context.Metrics.EpochsWasted(sweep, wasted.Epochs);
                    break;
                case RunPromoted:
                    context.Metrics.Promoted(sweep);
                    break;
                case RunStopped stopped:
                    context.Metrics.Stopped(sweep, stopped.Reason.Rule);
                    break;
                case RunDiverged diverged:
                    context.Metrics.Stopped(sweep, diverged.Reason.Rule);
                    break;
                case RunLost:
                    context.Metrics.Lost(sweep);
                    break;
                case RunFailed:
                    context.Metrics.Failed(sweep);
                    break;
            }
        }
    }

    public void Dispose() => registration.Dispose();
}
