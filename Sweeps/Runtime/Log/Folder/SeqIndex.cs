namespace Sweeps.Log.Folder;

/// <summary>
/// The file positions of the last append and of about one append per 4,096 events, so that a read from the middle of a log does not start at its
/// beginning. Thread-safe.
/// </summary>
internal sealed class SeqIndex
{
    private const int Stride = 4096;

    private readonly Lock gate = new();
    private readonly List<(long Seq, long End)> marks = [(0, 0)];
    private (long Seq, long End) last;

    /// <summary>Adds an append that ends with the event <paramref name="seq"/> at byte <paramref name="end"/>.</summary>
    public void Add(long seq, long end)
    {
        lock (gate)
        {
            if (seq <= last.Seq)
                return;
            last = (seq, end);
            if (seq >= marks[^1].Seq + Stride)
                marks.Add(last);
        }
    }

    /// <summary>Returns the last known end of an append whose last event is at most <paramref name="seq"/>; (0, 0) if none is known.</summary>
    public (long Seq, long End) Before(long seq)
    {
        lock (gate)
        {
            if (last.Seq <= seq)
                return last;
            var low = 0;
            for (var high = marks.Count - 1; low < high;)
            {
                var middle = (low + high + 1) / 2;
                if (marks[middle].Seq <= seq)
                    low = middle;
                else
                    high = middle - 1;
            }
            return marks[low];
        }
    }
}
