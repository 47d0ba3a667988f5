using Client.Output;
using Spectre.Console;

namespace Client.Tests.Output;

public class LineChartTests
{
    /// <summary>Two neighbouring numbers: no multiple of a step between them changes a double of their size.</summary>
    [Fact]
    public async Task Values_that_differ_only_by_rounding_are_drawn_as_equal()
    {
        var chart = await Task.Run(() => LineChart.Build([new ChartCurve("loss", [0.9, Math.BitIncrement(0.9)], Style.Plain)], 60, 10)).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(14, chart.Count);
    }
}
