using System.Globalization;
using System.Text;
using Client.Views;
using Sweeps.Core;
using Sweeps.Page;

namespace Client.Output;

/// <summary>Explains the state of a sweep or a run as text.</summary>
public static class StatusText
{
    /// <summary>
    /// Explains why a sweep makes no progress (interrupted since when; paused or stopping, by whom and why) and how to resume it: two
    /// lines, or none for a sweep that is running or has ended.
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

    /// <summary>A reason in the log as a clause: <c>asha compared 20 runs at epoch 3: place 7, value 0.8123, cutoff 0.8430</c>.</summary>
    public static string OfReason(Reason reason) => reason switch
    {
        { Rule: "epochs", Detail: null or "its last epoch", Rung: { } last } => $"epoch {last} was its last",
        { Rule: "epochs", Detail: { Length: > 0 } detail, Rung: { } last } => $"{detail} after epoch {last}",
        { Rule: "person" or "ended" or "failed" or "released" or "lost", Detail: { Length: > 0 } detail } => detail,
        { Rule: "diverged", Rung: { } epoch, Detail: { Length: > 0 } detail } => $"at epoch {epoch}, {detail}",
        _ => Comparison(reason),
    };

    private static string Comparison(Reason reason)
    {
        var text = new StringBuilder(reason.Rule);
        if (reason.Rank is not null && reason.Count is { } count)
            text.Append(CultureInfo.InvariantCulture, $" compared {Format.Count(count, "run")}");
        if (reason.Rung is { } rung)
            text.Append(CultureInfo.InvariantCulture, $" at epoch {rung}");
        var numbers = new List<string>();
        if (reason.Rank is { } rank)
            numbers.Add($"place {rank}");
        if (reason.Value is { } value)
            numbers.Add($"value {Format.Metric(value)}");
        if (reason.Cutoff is { } cutoff)
            numbers.Add($"cutoff {Format.Metric(cutoff)}");
        if (reason.Detail is { Length: > 0 } detail)
            numbers.Add(detail);
        return numbers.Count == 0 ? text.ToString() : text.Append(": ").AppendJoin(", ", numbers).ToString();
    }

    /// <summary>The problems of a sweep's hooks: a failed call, or an <c>on_end</c> that was not called.</summary>
    public static IEnumerable<string> OfHooks(SweepHistory history)
    {
        if (history.State.FailedHook is { } failed)
            yield return $"{failed.Name} failed: {failed.Error}";
        if (history.State.EndHookDue && history.Worker is null)
            yield return $"{Hook.End} was not called yet; call it with: ./sweep resume {history.Sweep}";
    }

    /// <summary>A <see cref="SweepSteered"/> event with its time: <c>2026-03-01 12:04:31Z ann stopped run 3: overfits</c>.</summary>
    public static string OfSteering(LoggedEvent logged) => string.Create(CultureInfo.InvariantCulture, $"{logged.At:u} {Action(logged)}");

    /// <summary>A <see cref="SweepSteered"/> event: <c>ann stopped run 3: overfits</c>.</summary>
    public static string Action(LoggedEvent logged)
    {
        var steered = (SweepSteered)logged.Event;
        var text = $"{steered.By} {SteeringText.Of(steered.Action)}";
        return steered.Why.Length > 0 ? $"{text}: {steered.Why}" : text;
    }

    /// <summary>The outcome of a sweep as a verb: <c>finished</c>, <c>was cancelled</c>.</summary>
    public static string Ended(SweepOutcome outcome) => outcome switch
    {
        SweepOutcome.Finished => "finished",
        SweepOutcome.Stopped => "was stopped",
        SweepOutcome.Cancelled => "was cancelled",
        _ => "failed",
    };
}
