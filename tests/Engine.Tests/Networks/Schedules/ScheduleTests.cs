using Engine.Networks;

namespace Engine.Tests.Networks;

public sealed class ScheduleTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(2.9, 1)]
    [InlineData(3, 0.5)]
    [InlineData(6.5, 0.25)]
    public void Step_halves_every_three_epochs(double time, double factor) => Assert.Equal(factor, new StepSchedule(3, 0.5).Factor(time));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2.5, 0.8681980515339464)]
    [InlineData(5, 0.55)]
    [InlineData(10, 0.1)]
    [InlineData(20, 0.1)]
    public void Cosine_falls_to_its_final_factor(double time, double factor) =>
        Assert.Equal(factor, new CosineSchedule(10, 0.1).Factor(time), 1e-12);

    [Theory]
    [InlineData(0, 0.01)]
    [InlineData(1, 0.505)]
    [InlineData(2, 1)]
    [InlineData(9, 1)]
    public void Warmup_rises_linearly(double time, double factor) =>
        Assert.Equal(factor, Schedules.Create("constant", new Dictionary<string, double> { ["warmup_epochs"] = 2 }).Factor(time), 1e-12);

    [Fact]
    public void A_first_loss_that_is_not_a_number_is_no_best_for_the_plateau()
    {
        var schedule = new PlateauSchedule(0.1, patience: 1, threshold: 0.01, least: 0);
        foreach (var loss in new[] { double.NaN, 3, 2, 1, 0.5 })
            schedule.EpochEnded(loss);

        Assert.Equal(1, schedule.Factor(0));
    }

    [Fact]
    public void Plateau_reduces_after_more_epochs_without_improvement_than_the_patience()
    {
        var schedule = new PlateauSchedule(0.1, patience: 1, threshold: 0.01, least: 0.05);
        var factors = new List<double>();
        foreach (var loss in new[] { 1.0, 0.5, 0.499, 0.498, 0.3, double.NaN, 0.31, 0.31, 0.31 })
        {
            schedule.EpochEnded(loss);
            factors.Add(schedule.Factor(0));
        }

        Assert.Equal([1, 1, 1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05], factors.Select(f => Math.Round(f, 10)));
    }
}
