using Client.Output;

namespace Client.Tests.Output;

public class CurveTests
{
    [Fact]
    public void A_curve_rises_from_its_lowest_to_its_highest_value() => Assert.Equal("▁▃▅█", Sparkline.Of([0, 0.3, 0.6, 1], 20));

    [Fact]
    public void A_diverged_epoch_is_marked() => Assert.Equal("▁█×", Sparkline.Of([1, 2, double.NaN], 20));

    [Fact]
    public void A_flat_curve_is_a_line() => Assert.Equal("▄▄▄", Sparkline.Of([5, 5, 5], 20));

    [Fact]
    public void A_long_curve_is_squeezed_and_ends_with_its_last_value() => Assert.Equal("▁▂▃▄▅▆▇█"[^1], Sparkline.Of([.. Enumerable.Range(0, 1000).Select(i => (double)i)], 10)[^1]);

    [Theory]
    [InlineData(0, 9, "", "──────────")]
    [InlineData(9, 9, "━━━━━━━━━━", "")]
    [InlineData(1, 4, "━━╸", "───────")]
    [InlineData(12, 9, "━━━━━━━━━━", "")]
    [InlineData(0, 0, "", "──────────")]
    public void A_bar_has_half_cells_and_keeps_its_width(int epoch, int until, string done, string left) =>
        Assert.Equal((done, left), EpochBar.Cells(epoch, until, 10));
}
