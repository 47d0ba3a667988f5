using Client.Views;

namespace Client.Tests.Views;

public class EpochRateTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Only_the_window_counts()
    {
        var rate = new EpochRate(TimeSpan.FromSeconds(10));

        for (var second = 0; second <= 100; second++)
            rate.Add(Start.AddSeconds(second), second < 50 ? second : 50 + (second - 50) * 4);

        Assert.Equal(4.0, rate.PerSecond!.Value, 9);
    }

    [Fact]
    public void There_is_no_rate_before_a_second_has_passed()
    {
        var rate = new EpochRate(TimeSpan.FromSeconds(10));
        rate.Add(Start, 0);
        rate.Add(Start.AddSeconds(0.5), 10);

        Assert.Null(rate.PerSecond);
    }
}
