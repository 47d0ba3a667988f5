using Sweeps.Core;

namespace Sweeps.Log;

/// <summary>Reads a log piece by piece.</summary>
public static class EventLogPages
{
    /// <summary>At most <paramref name="limit"/> events after <paramref name="afterSeq"/>, in order.</summary>
    public static async Task<IReadOnlyList<LoggedEvent>> ReadPageAsync(
        this IEventLog log, string sweep, long afterSeq, int limit, CancellationToken cancel)
    {
        var events = new List<LoggedEvent>();
        await foreach (var logged in log.ReadAsync(sweep, afterSeq, cancel))
        {
            events.Add(logged);
            if (events.Count == limit)
                break;
        }
        return events;
    }
}
