using Sweeps.Core;
using Sweeps.Training.Functions;
using Sweeps.Simulation;
using Sweeps.Files;
using Sweeps.Training;
using Tests.Shared;

namespace Runtime.Tests.Simulation;

public class SimulatedSweepTests
{
    private static readonly LearningCurves table = new([new("loss", [[0.9, 0.5], [0.8, 0.2], [0.7, 0.6], [0.6, double.PositiveInfinity], [0.95, 0.9]])]);

    [Fact]
    public void Slots_share_the_time_and_the_epochs_are_the_same()
    {
        var (one, four) = (Simulate(Grid(), table, 1), Simulate(Grid(), table, 4));
        Assert.Equal((5, 10, 10), (one.Runs, one.Epochs, one.Time));
        Assert.Equal((5, 10, 4), (four.Runs, four.Epochs, four.Time));
        Assert.Equal(new Dictionary<string, int> { ["finished"] = 4, ["diverged"] = 1 }, one.Ends);
        Assert.Equal(new Value.Integer(1), one.Winner!["row"]);
    }

    [Fact]
    public void On_the_scale_of_a_table_its_best_is_0_and_its_median_row_1()
    {
        var best = Simulate(Grid(), table, 1).Progress;
        Assert.Equal([(1, 0.9), (2, 0.5), (4, 0.2)], best.Select(milestone => (milestone.Epochs, milestone.Value)));
        // Row minima .2 .5 .6 .6 .9: the median is .6.
        Assert.Equal([1.75, 0.75, 0], best.Select(milestone => Math.Round(milestone.Regret!.Value, 12)));
    }

    [Fact]
    public void The_scale_of_a_maximized_metric_is_turned_round()
    {
        var accuracy = new LearningCurves([new("loss", [[0.1], [0.5], [0.9]])]);
        var best = Simulate(Grid(rows: 3, goal: "maximize"), accuracy, 1);
        Assert.Equal((0.9, 0.0), (best.Best!.Value, best.Best.Regret!.Value));
        Assert.Equal(2.0, best.Progress[0].Regret!.Value, 12);
    }

    [Fact]
    public void A_row_the_table_lacks_fails_its_run_and_nothing_else()
    {
        var sweep = Simulate(Grid(rows: 7), table, 2);
        Assert.Equal((7, 2), (sweep.Runs, sweep.Ends["failed"]));
        Assert.Equal(4, sweep.Ends["finished"]);
    }

    [Fact]
    public void Regret_on_a_function_is_that_of_the_configuration_without_noise_at_full_fidelity()
    {
        var spec = Spec("""
            method: random
            run_cap: 30
            epochs: 3
            trainable: function
            function: {name: mf_hartmann3_terrible, noise: 5}
            metric: {name: value, goal: minimize}
            parameters: {x1: {min: 0.0, max: 1.0}, x2: {min: 0.0, max: 1.0}, x3: {min: 0.0, max: 1.0}}
            """);
        var sweep = SimulatedSweep.Run(spec, FunctionTrainable.Of(spec, (TrainableSpec.Function)spec.Trainable), 3, CancellationToken.None);
        var function = FunctionRegistry.Get("mf_hartmann3_terrible");
        Assert.True(sweep.Best!.Value < function.Optimum, "noise of this size makes values that the function does not have");
        Assert.Equal(function.Regret(function.Value(sweep.Winner!, FidelityLevel.Full, 0)), sweep.Best.Regret);
        Assert.All(sweep.Progress, milestone => Assert.True(milestone.Regret >= 0));
    }

    [Fact]
    public void The_log_of_a_simulated_sweep_folds_to_what_it_came_to()
    {
        var spec = Spec(Grid() + "\nearly_terminate: {type: asha, min_iter: 1, eta: 2}");
        var sweep = SimulatedSweep.Run(spec, new TableTrainable(table), 2, CancellationToken.None, keepLog: true);
        var state = new SweepState(_ => spec);
        foreach (var logged in sweep.Log)
            state.Apply(logged);
        Assert.Equal((SweepStatus.Ended, sweep.Epochs, sweep.Runs), (state.Status, state.EpochsRecorded, state.Runs.Count));
        Assert.Equal(sweep.Ends["asha"], state.Runs.Count(run => run.Reason?.Rule == "asha"));
        Assert.Empty(SimulatedSweep.Run(spec, new TableTrainable(table), 2, CancellationToken.None).Log);
    }

    [Fact]
    public void A_table_without_the_metric_is_refused_with_those_it_has()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["t.csv"], "row,epoch,loss,accuracy\n0,1,1,0\n");
        var spec = Spec(Grid().Replace("name: loss", "name: los", StringComparison.Ordinal));
        var refusal = Assert.Throws<ConfigurationException>(() => TrainableFactory.Make(spec, _ => throw new InvalidOperationException(), _ => folder["t.csv"], TimeProvider.System));
        Assert.Contains("'los'; it has accuracy, loss", refusal.Message, StringComparison.Ordinal);
    }

    private static SimulatedSweep Simulate(string text, LearningCurves curves, int slots) =>
        SimulatedSweep.Run(Spec(text), new TableTrainable(curves), slots, CancellationToken.None);

    private static SweepSpec Spec(string text) => SweepFile.Parse(text, "simulated.yaml").Verify().Spec;

    private static string Grid(int rows = 5, string goal = "minimize") => $$"""
        method: grid
        epochs: 2
        trainable: table
        table: t.csv
        metric: {name: loss, goal: {{goal}} }
        parameters: {row: {min: 0, max: {{rows - 1}} } }
        """;
}
