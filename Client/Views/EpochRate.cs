namespace Client.Views;

/// <summary>Recorded epochs per second over the last <paramref name="window"/>.</summary>
public sealed class EpochRate(TimeSpan window)
{
    private readonly Queue<(DateTimeOffset At, long Epochs)> points = new();

    /// <summary>Adds the number of epochs recorded until <paramref name="now"/>.</summary>
    public void Add(DateTimeOffset now, long epochs)
    {
        points.Enqueue((now, epochs));
        while (points.Count > 2 && now - points.Peek().At > window)
            points.Dequeue();
    }

    /// <summary>The rate, or null before there are two points at least one second apart.</summary>
    public double? PerSecond
    {
        get
        {
            if (points.Count < 2)
                return null;
            var (first, last) = (points.Peek(), points.Last());
            var seconds = (last.At - first.At).TotalSeconds;
            return seconds >= 1 ? (last.Epochs - first.Epochs) / seconds : null;
        }
    }
}
