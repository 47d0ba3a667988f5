using Sweeps.Core;

namespace Grains;

/// <summary>
/// Tracks the assigned runs and their generations from a coordinator's events, to find the training-run grains that must stop before their next verdict.
/// Used by the coordinator's pump only.
/// </summary>
internal sealed class AssignedRuns(IEnumerable<(int Run, int Generation)> running)
{
    private readonly Dictionary<int, int> generations = running.ToDictionary(lease => lease.Run, lease => lease.Generation);

    /// <summary>Applies appended events. Returns the assignments that a person or the end of the sweep has ended.</summary>
    public IReadOnlyList<(int Run, int Generation)> Apply(IReadOnlyList<LoggedEvent> events)
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

    private static int? Freed(SweepEvent e) => e switch
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
