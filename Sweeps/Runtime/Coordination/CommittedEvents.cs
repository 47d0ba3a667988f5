using Sweeps.Core;
using Sweeps.Log;

namespace Sweeps.Coordination;

/// <summary>Keeps the newest durable events of a sweep in memory, so that watchers rarely read the log.</summary>
internal sealed class CommittedEvents(IEventLog log, string sweep, long lastSeq)
{
    private const int Capacity = 16 * 1024;

    private readonly Lock gate = new();
    private readonly Queue<LoggedEvent> newest = new();
    private long last = lastSeq;

    public void Add(IReadOnlyList<LoggedEvent> events)
    {
        lock (gate)
        {
            foreach (var logged in events)
                newest.Enqueue(logged);
            while (newest.Count > Capacity)
                newest.Dequeue();
            last = events[^1].Seq;
        }
    }

    /// <summary>Clears the cache after the log was replayed up to <paramref name="seq"/>.</summary>
    public void Reset(long seq)
    {
        lock (gate)
        {
            newest.Clear();
            last = seq;
        }
    }

    /// <summary>Returns up to <paramref name="limit"/> events after <paramref name="afterSeq"/>.</summary>
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
