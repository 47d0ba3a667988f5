using Sweeps.Core;

namespace Simulation;

/// <summary>
/// The log that all coordinators share. An append is a compare-and-swap on the last event number; it may fail before or after it took
/// effect.
/// </summary>
internal sealed class SharedLog(Auditor auditor)
{
    private readonly List<LoggedEvent> events = [];

    public IReadOnlyList<LoggedEvent> Events => events;

    /// <summary>Appends events. Returns true if the caller may reply; if false, it must rebuild from the log and decide again.</summary>
    public bool Append(List<LoggedEvent> decided, bool failsBefore, bool failsAfter)
    {
        if (decided.Count == 0)
            return true;
        if (decided[0].Seq != events.Count + 1 || failsBefore)
            return false;
        foreach (var logged in decided)
        {
            events.Add(logged);
            auditor.Check(logged.Event);
        }
        return !failsAfter;
    }
}
