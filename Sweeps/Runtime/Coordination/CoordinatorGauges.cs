using Sweeps.Core;
using Sweeps.Files;
using Sweeps.Telemetry;

namespace Sweeps.Coordination;

/// <summary>Shows a coordinator's state to the meter: a copy at most every half second, because the state belongs to the pump.</summary>
internal sealed class CoordinatorGauges : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);

    private readonly string sweep;
    private readonly CoordinatorContext context;
    private readonly IDisposable shown;
    private volatile SweepGauges current;
    private long refreshedAt;

    public CoordinatorGauges(string sweep, CoordinatorContext context)
    {
        (this.sweep, this.context) = (sweep, context);
        current = new SweepGauges(sweep, false, new Dictionary<string, int>(), [], 0, null, null);
        shown = context.Metrics.ShowSweep(sweep, () => current);
    }

    /// <summary>Takes a copy when the last one is old. Called by the pump.</summary>
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
    /// Runs that would start if there were slots: queued ones and, where the sweep file bounds them, those not drawn yet. None while the sweep is
    /// paused, none beyond its cap on slots.
    /// </summary>
    internal static int Waiting(SweepState state)
    {
        if (state.Status != SweepStatus.Running)
            return 0;
        var undrawn = Math.Max(0, (state.Spec.RunCap ?? 0) - state.Runs.Count);
        var allowed = (state.Spec.Slots.MaxSlots ?? int.MaxValue) - state.Count(RunState.Running);
        return Math.Clamp(state.QueuedRuns.Count + undrawn, 0, Math.Max(0, allowed));
    }

    /// <summary>Seconds to the end at the mean pace so far, or null when nothing bounds the work or nothing is known yet.</summary>
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

    /// <summary>Counts what became durable.</summary>
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

    public void Dispose() => shown.Dispose();
}
