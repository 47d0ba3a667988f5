using Client.Output;
using Sweeps.Core;

namespace Client.Tests.Output;

public class FormatTests
{
    [Theory]
    [InlineData(0.96512, "0.9651")]
    [InlineData(0.0, "0.0000")]
    [InlineData(-0.5, "-0.5000")]
    [InlineData(1e-7, "1.00e-7")]
    [InlineData(1234567.0, "1.23e+6")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "∞")]
    [InlineData(double.NegativeInfinity, "-∞")]
    [InlineData(null, "–")]
    public void A_metric_has_four_decimals_where_they_say_something(double? value, string expected) => Assert.Equal(expected, Format.Metric(value));

    [Theory]
    [InlineData(0.0012345678, "0.001235")]
    [InlineData(0.1, "0.1")]
    [InlineData(0.00001234, "1.234e-5")]
    [InlineData(400.0, "400")]
    [InlineData(2.5e9, "2.5e9")]
    [InlineData(70941.2, "7.094e4")]
    [InlineData(9999.6, "1e4")]
    public void A_hyperparameter_has_four_significant_digits(double value, string expected) =>
        Assert.Equal(expected, Format.Value(new Value.Number(value)));

    [Theory]
    [InlineData(0.00002, "+2e-5")]
    [InlineData(-1.25, "-1.25")]
    [InlineData(348463.0, "+348463")]
    [InlineData(0.0, "0")]
    public void A_difference_has_a_sign_and_is_not_rounded_to_nothing(double difference, string expected) => Assert.Equal(expected, Format.Difference(difference));

    [Theory]
    [InlineData(42, "0:42")]
    [InlineData(3600 + 62, "1:01:02")]
    [InlineData(90061, "1d 01:01")]
    public void A_time_is_as_short_as_it_can_be(int seconds, string expected) => Assert.Equal(expected, Format.Time(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdef", 5, "abcd…")]
    [InlineData("abcdef", 1, "…")]
    [InlineData("abcdef", 0, "")]
    public void A_text_never_gets_longer_than_its_place(string text, int width, string expected) => Assert.Equal(expected, Format.Fit(text, width));

    [Fact]
    public void Every_run_state_has_a_word() => Assert.All(Enum.GetValues<RunState>(), state => Assert.NotEmpty(Format.State(state)));
}
