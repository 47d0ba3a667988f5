using System.Globalization;
using Sweeps.Core;

namespace Client.Rendering;

/// <summary>What a person did to a sweep, in one line: <c>12:04:31 ann stopped run 3: overfits</c>.</summary>
public static class SteeringText
{
    /// <summary>The line for an event that is a <see cref="SweepSteered"/>.</summary>
    public static string Of(LoggedEvent logged)
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
