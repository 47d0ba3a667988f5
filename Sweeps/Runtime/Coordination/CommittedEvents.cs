using Sweeps.Core;
using Sweeps.Log;

namespace Sweeps.Coordination;

/// <summary>The last durable events of a sweep in memory, so that watchers do not read the log for what has just happened.</summary>
internal sealed class CommittedEvents(IEventLog log, string sweep, long lastSeq)
{
    private const int Kept = 16 * 1024;

    private readonly Lock gate = new();
    private readonly Queue<LoggedEvent> newest = new();
    private long last = lastSeq;

    /// <summary>Adds what was appended.</summary>
    public void Add(IReadOnlyList<LoggedEvent> events)
    {
        lock (gate)
        {
            foreach (var logged in events)
                newest.Enqueue(logged);
            while (newest.Count > Kept)
                newest.Dequeue();
            last = events[^1].Seq;
        }
    }

    /// <summary>Forgets everything: the log has been read again up to <paramref name="seq"/>.</summary>
    public void Reset(long seq)
    {
        lock (gate)
        {
            newest.Clear();
            last = seq;
        }
    }

    /// <summary>Up to <paramref name="limit"/> events after <paramref name="afterSeq"/>.</summary>
    public async Task<IReadOnlyList<LoggedEvent>> ReadAsync(long afterSeq, int limit, CancellationToken cancel)
    {
        lock (gate)
        {
            if (afterSeq >= last)
                return [];
            if (newest.TryPeek(out var oldest) && oldest.Seq <= afterSeq + 1)
                return [.. newest.Skip((int)(afterSeq + 1 - oldest.Seq)).Take(limit)];
        }
        var page = new List<LoggedEvent>();
        await foreach (var logged in log.ReadAsync(sweep, afterSeq, cancel, limit))
            page.Add(logged);
        return page;
    }
}
