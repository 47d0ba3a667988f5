using System.Globalization;
using System.Text;
using Sweeps.Core;

namespace Client.Output;

/// <summary>Why a sweep or a run is where it is, as text.</summary>
public static class StatusText
{
    /// <summary>
    /// Why a sweep makes no progress (interrupted since when, paused or stopping by whom and why) and how to resume it: two lines, or none for a
    /// sweep that runs or has ended.
    /// </summary>
    public static IReadOnlyList<string> WhyNoProgress(string sweep, DateTimeOffset? interruptedSince, LoggedEvent? held)
    {
        var goOn = $"go on with: ./sweep resume {sweep}";
        if (interruptedSince is { } since)
            return [string.Create(CultureInfo.InvariantCulture, $"interrupted since {since:u}: no process works on it"), goOn];
        if (held is not { Event: SweepSteered steered })
            return [];
        var state = steered.Action is SteerAction.Pause ? "paused" : "stopping";
        return [string.Create(CultureInfo.InvariantCulture, $"{state} since {held.At:u} by {steered.By}{(steered.Why.Length > 0 ? $": {steered.Why}" : "")}"), goOn];
    }

    /// <summary>A reason of the log in one line: <c>asha at epoch 3: place 7 of 20, 0.8123 against 0.8430</c>.</summary>
    public static string OfReason(Reason reason)
    {
        var text = new StringBuilder(reason.Rule);
        if (reason.Rung is { } rung)
            text.Append(CultureInfo.InvariantCulture, $" at epoch {rung}");
        var numbers = new List<string>();
        if (reason.Rank is { } rank && reason.Count is { } count)
            numbers.Add($"place {rank} of {count}");
        if (reason.Value is { } value)
            numbers.Add(reason.Cutoff is { } cutoff ? $"{Format.Metric(value)} against {Format.Metric(cutoff)}" : Format.Metric(value));
        if (reason.Detail is { Length: > 0 } detail)
            numbers.Add(detail);
        return numbers.Count == 0 ? text.ToString() : text.Append(": ").AppendJoin(", ", numbers).ToString();
    }

    /// <summary>A <see cref="SweepSteered"/> event in one line: <c>2026-03-01 12:04:31Z ann stopped run 3: overfits</c>.</summary>
    public static string OfSteering(LoggedEvent logged)
    {
        var steered = (SweepSteered)logged.Event;
        var text = string.Create(CultureInfo.InvariantCulture, $"{logged.At:u} {steered.By} {Done(steered.Action)}");
        return steered.Why.Length > 0 ? $"{text}: {steered.Why}" : text;
    }

    private static string Done(SteerAction action) => action switch
    {
        SteerAction.Pause => "paused the sweep",
        SteerAction.Resume => "resumed the sweep",
        SteerAction.Stop => "stopped the sweep",
        SteerAction.Cancel => "cancelled the sweep",
        SteerAction.StopRun { Run: var run } => $"stopped run {run}",
        SteerAction.PinRun { Run: var run } => $"pinned run {run}",
        SteerAction.PromoteRun { Run: var run } => $"promoted run {run}",
        SteerAction.Enqueue { Configuration: var configuration } => $"enqueued {configuration}",
        SteerAction.Change => "changed the sweep file",
        _ => action.ToString(),
    };
}
