using Sweeps.Core;

namespace Grains;

/// <summary>
/// The runs that are assigned, and under which generation, followed from a coordinator's events: whom to tell when a run is stopped other than by
/// the answer to its own report. Used by the coordinator's pump only.
/// </summary>
internal sealed class AssignedRuns(IEnumerable<(int Run, int Generation)> running)
{
    private readonly Dictionary<int, int> generations = running.ToDictionary(lease => lease.Run, lease => lease.Generation);

    /// <summary>Takes in appended events. Returns the assignments that a person or the sweep's end has just taken from their slots.</summary>
    public IReadOnlyList<(int Run, int Generation)> Follow(IReadOnlyList<LoggedEvent> events)
    {
        List<(int, int)>? stopped = null;
        foreach (var logged in events)
        {
            switch (logged.Event)
            {
                case RunAssigned assigned:
                    generations[assigned.Run] = assigned.Generation;
                    break;
                case RunStopped { Reason.Rule: "person" } byPerson when generations.Remove(byPerson.Run, out var generation):
                    (stopped ??= []).Add((byPerson.Run, generation));
                    break;
                case SweepEnded:
                    (stopped ??= []).AddRange(generations.Select(lease => (lease.Key, lease.Value)));
                    generations.Clear();
                    break;
                default:
                    if (Freed(logged.Event) is { } run)
                        generations.Remove(run);
                    break;
            }
        }
        return stopped ?? [];
    }

    private static int? Freed(SweepEvent fact) => fact switch
    {
        RunPaused paused => paused.Run,
        RunStopped stopped => stopped.Run,
        RunFinished finished => finished.Run,
        RunDiverged diverged => diverged.Run,
        RunFailed failed => failed.Run,
        RunLost lost => lost.Run,
        RunReleased released => released.Run,
        _ => null,
    };
}
