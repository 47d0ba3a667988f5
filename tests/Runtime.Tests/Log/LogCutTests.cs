using Sweeps.Core;
using Sweeps.Log;

namespace Runtime.Tests.Log;

public class LogCutTests
{
    // Events of a day and a half, one per hour: event n is at 09:00 + (n - 1) h on 1 March.
    private static readonly IReadOnlyList<LoggedEvent> Hours =
        [.. Enumerable.Range(0, 36).Select(hour => new LoggedEvent(hour + 1, new DateTimeOffset(2026, 3, 1, 9, 0, 0, TimeSpan.Zero).AddHours(hour), new RunPaused(0, new Reason("asha"))))];

    [Theory]
    [InlineData("seq:12", 12)]
    [InlineData("seq:1000", 36)]
    [InlineData("0%", 1)]
    [InlineData("50%", 18)]
    [InlineData("62.5%", 22)]
    [InlineData("100%", 36)]
    [InlineData("+0:00:00", 1)]
    [InlineData("+2:30:00", 3)]
    [InlineData("+1.2:00:00", 27)]
    [InlineData("+9999999.0:00:00", 36)]
    // The log ends on 2 March at 20:00: 19:30 means that day, 21:00 the day before.
    [InlineData("19:30", 35)]
    [InlineData("19:00:00", 35)]
    [InlineData("21:00", 13)]
    [InlineData("2026-03-01 12:00", 4)]
    [InlineData("2026-03-01 12:00:00Z", 4)]
    [InlineData("2026-03-01T14:00:00+02:00", 4)]
    public void A_cut_is_an_event_a_share_a_time_or_a_time_since_the_beginning(string text, int count) =>
        Assert.Equal(count, LogCut.Parse(text, TimeZoneInfo.Utc).CountOf(Hours));

    [Fact]
    public void A_time_without_an_offset_is_of_the_given_zone()
    {
        var zone = TimeZoneInfo.CreateCustomTimeZone("east", TimeSpan.FromHours(3), "east", "east");

        Assert.Equal(4, LogCut.Parse("2026-03-01 15:30", zone).CountOf(Hours));
        Assert.Equal(36, LogCut.Parse("23:00", zone).CountOf(Hours));
        Assert.Equal(13, LogCut.Parse("00:00", zone).CountOf(Hours));
        Assert.Equal(13, LogCut.Parse("2026-03-02", zone).CountOf(Hours));
        Assert.Equal(4, LogCut.Parse("2026-03-01 15:30:00.5", zone).CountOf(Hours));
    }

    [Fact]
    public void A_share_in_whole_percent_of_a_hundred_events_is_that_number_of_events()
    {
        LoggedEvent[] log = [.. Enumerable.Range(1, 100).Select(seq => new LoggedEvent(seq, DateTimeOffset.UnixEpoch, new RunPaused(0, new Reason("asha"))))];

        Assert.Equal(Enumerable.Range(1, 100), Enumerable.Range(1, 100).Select(percent => LogCut.Parse($"{percent}%", TimeZoneInfo.Utc).CountOf(log)));
    }

    [Theory]
    [InlineData("seq:0")]
    [InlineData("seq:-3")]
    [InlineData("120%")]
    [InlineData("-1%")]
    [InlineData("25:00")]
    [InlineData("yesterday")]
    [InlineData("12")]
    public void What_names_no_point_is_refused(string text) =>
        Assert.Contains("expected a time (14:32", Assert.Throws<FormatException>(() => LogCut.Parse(text, TimeZoneInfo.Utc)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_time_before_the_first_event_is_refused_with_the_time_of_it() => Assert.Contains(
        "2026-03-01 09:00:00Z", Assert.Throws<FormatException>(() => LogCut.Parse("2026-02-01 12:00", TimeZoneInfo.Utc).CountOf(Hours)).Message, StringComparison.Ordinal);
}
