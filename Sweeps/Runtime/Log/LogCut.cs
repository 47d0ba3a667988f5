using System.Globalization;
using Sweeps.Core;

namespace Sweeps.Log;

/// <summary>
/// A point of a log up to which it is read: an event number, a share of the events, a time, or a time since the sweep was created. The state that is
/// computed from the events before this point is the state of the sweep at that time.
/// </summary>
public abstract record LogCut
{
    private static readonly string[] Clock = ["H:mm", "H:mm:ss"];
    private static readonly string[] Dates = ["yyyy-MM-dd H:mm", "yyyy-MM-dd H:mm:ss", "yyyy-MM-dd'T'H:mm", "yyyy-MM-dd'T'H:mm:ss"];
    private static readonly string[] Spans = [@"m\:ss", @"h\:mm\:ss", @"d\.h\:mm\:ss"];

    private LogCut() { }

    /// <summary>
    /// Parses <c>seq:1234</c>, <c>62%</c>, <c>14:32</c>, <c>2026-03-01 14:32:05</c> (with <c>Z</c> or an offset, else in <paramref name="zone"/>) or
    /// <c>+1:02:03</c>. Throws <see cref="FormatException"/> with the expected forms for any other text.
    /// </summary>
    public static LogCut Parse(string text, TimeZoneInfo zone)
    {
        var word = text.Trim();
        var invariant = CultureInfo.InvariantCulture;
        if (word.StartsWith("seq:", StringComparison.OrdinalIgnoreCase) && long.TryParse(word[4..], NumberStyles.None, invariant, out var seq) && seq > 0)
            return new Event(seq);
        if (word.EndsWith('%') && double.TryParse(word[..^1], NumberStyles.AllowDecimalPoint, invariant, out var percent) && percent is >= 0 and <= 100)
            return new Share(percent);
        if (word.StartsWith('+') && TimeSpan.TryParseExact(word[1..], Spans, invariant, out var span))
            return new Elapsed(span);
        if (TimeOnly.TryParseExact(word, Clock, invariant, DateTimeStyles.None, out var time))
            return new TimeOfDay(time, zone);
        if (DateTime.TryParseExact(word, Dates, invariant, DateTimeStyles.None, out var local))
            return new Moment(new DateTimeOffset(local, zone.GetUtcOffset(local)));
        // With this style a text with Z or an offset gives a UTC time, and a text without them an unspecified one.
        if (word.StartsWith("20", StringComparison.Ordinal) && DateTime.TryParse(word, invariant, DateTimeStyles.AdjustToUniversal, out var moment))
            return new Moment(new DateTimeOffset(moment, moment.Kind == DateTimeKind.Utc ? TimeSpan.Zero : zone.GetUtcOffset(moment)));
        throw new FormatException(
            $"'{text}' is not a point of a log; expected a time (14:32, '2026-03-01 14:32:05'), a time since the sweep began (+1:02:03), a share of its events (62%) or an event (seq:1234).");
    }

    /// <summary>
    /// The number of events before this point: at least 1, or 0 for an empty log. Throws <see cref="FormatException"/> if the point is before the first
    /// event.
    /// </summary>
    public int CountOf(IReadOnlyList<LoggedEvent> log)
    {
        if (log.Count == 0)
            return 0;
        var count = Cut(log);
        return count > 0 ? count : throw new FormatException(
            string.Create(CultureInfo.InvariantCulture, $"The sweep began later, at {log[0].At:u}."));
    }

    private protected abstract int Cut(IReadOnlyList<LoggedEvent> log);

    /// <summary>The number of events before the first one that is later than <paramref name="moment"/>.</summary>
    private static int Until(IReadOnlyList<LoggedEvent> log, DateTimeOffset moment)
    {
        var count = 0;
        while (count < log.Count && log[count].At <= moment)
            count++;
        return count;
    }

    private sealed record Event(long Seq) : LogCut
    {
        private protected override int Cut(IReadOnlyList<LoggedEvent> log) => (int)Math.Min(Seq, log.Count);
    }

    private sealed record Share(double Percent) : LogCut
    {
        // Multiply first: 0.29 · 100 is 28.999…, so that 29 % of 100 events would be 28.
        private protected override int Cut(IReadOnlyList<LoggedEvent> log) => Math.Max(1, (int)Math.Floor(Percent * log.Count / 100));
    }

    private sealed record Elapsed(TimeSpan Span) : LogCut
    {
        private protected override int Cut(IReadOnlyList<LoggedEvent> log) =>
            Span < DateTimeOffset.MaxValue - log[0].At ? Until(log, log[0].At + Span) : log.Count;
    }

    private sealed record Moment(DateTimeOffset At) : LogCut
    {
        private protected override int Cut(IReadOnlyList<LoggedEvent> log) => Until(log, At);
    }

    /// <summary>The last time before the end of the log at which the time of day in <paramref name="Zone"/> was <paramref name="Time"/>.</summary>
    private sealed record TimeOfDay(TimeOnly Time, TimeZoneInfo Zone) : LogCut
    {
        private protected override int Cut(IReadOnlyList<LoggedEvent> log)
        {
            var end = TimeZoneInfo.ConvertTime(log[^1].At, Zone);
            var day = DateOnly.FromDateTime(end.DateTime);
            if (day.ToDateTime(Time) > end.DateTime)
                day = day.AddDays(-1);
            var local = day.ToDateTime(Time);
            return Until(log, new DateTimeOffset(local, Zone.GetUtcOffset(local)));
        }
    }
}
