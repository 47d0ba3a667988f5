using System.Globalization;
using Sweeps.Core;

namespace Client.Rendering;

/// <summary>Why a sweep makes no progress: interrupted since when, paused or stopping by whom and why; and how to go on.</summary>
public static class Standing
{
    /// <summary>Two lines, or none for a sweep that is worked on or over.</summary>
    public static IReadOnlyList<string> Of(string sweep, DateTimeOffset? interruptedSince, LoggedEvent? held)
    {
        var goOn = $"go on with: ./sweep resume {sweep}";
        if (interruptedSince is { } since)
            return [string.Create(CultureInfo.InvariantCulture, $"interrupted since {since:u}: no process works on it"), goOn];
        if (held is not { Event: SweepSteered steered })
            return [];
        var state = steered.Action is SteerAction.Pause ? "paused" : "stopping";
        return [string.Create(CultureInfo.InvariantCulture, $"{state} since {held.At:u} by {steered.By}{(steered.Why.Length > 0 ? $": {steered.Why}" : "")}"), goOn];
    }
}
