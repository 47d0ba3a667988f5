using Engine.Numerics;

namespace Engine.Tests.Numerics;

public sealed class PeakTests
{
    [Fact]
    public void A_measurement_names_the_path_and_finds_work_done()
    {
        var report = Peak.Measure();

        Assert.Equal(SimdPath.Width, report.Path);
        Assert.True(report.PeakGflops > 0 && double.IsFinite(report.PeakGflops));
        Assert.True(report.ProductGflops > 0 && double.IsFinite(report.ProductGflops));
    }
}
