using Client.Output;

namespace Client.Tests.Output;

public class EpochBarTests
{
    [Theory]
    [InlineData(0, 9, "", "──────────")]
    [InlineData(9, 9, "━━━━━━━━━━", "")]
    [InlineData(1, 4, "━━╸", "───────")]
    [InlineData(12, 9, "━━━━━━━━━━", "")]
    [InlineData(0, 0, "", "──────────")]
    public void A_bar_has_half_cells_and_keeps_its_width(int epoch, int until, string done, string left) =>
        Assert.Equal((done, left), EpochBar.Cells(epoch, until, 10));
}
