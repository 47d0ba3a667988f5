using Sweeps.Core;
using Sweeps.Simulation;
using Sweeps.Files;
using Sweeps.Training;

namespace Runtime.Tests.Files;

public class SpecCheckTests
{
    private static SpecCheck Check(string text) => SpecCheck.Of(SweepFile.Parse(text, "x.yaml"));

    [Fact]
    public void A_grid_has_a_size_a_cost_and_samples()
    {
        var check = Check("""
            method: grid
            epochs: 9
            metric: {name: val_accuracy, goal: maximize}
            parameters: {hidden_layers: {min: 1, max: 4}, batch_size: {values: [16, 32, 64]}}
            early_terminate: {type: asha, eta: 3}
            """);

        Assert.Equal(12, check.Space.Configurations);
        Assert.Equal(12, check.Runs);
        Assert.Equal(new EpochCost(12 * 9, Exact: false), check.Cost);
        Assert.Equal([1, 3], Assert.Single(check.Spec.Rules).Plan(9)?.Rungs);
        Assert.Equal(10, check.Samples.Count);
        Assert.Equal("hl_1_bs_16", check.Samples[0].Name);
        Assert.Empty(check.File.Warnings);
    }

    [Theory]
    [InlineData("sgd, rmsprop", "'beta' has no effect with the optimizer sgd. To search it only where it matters: when: {optimizer: [rmsprop]}")]
    [InlineData("sgd, adam", "'beta' has no effect with the optimizer sgd, adam. Remove it.")]
    public void An_option_without_effect_is_warned_about_once(string optimizers, string warning)
    {
        var file = SweepFile.Parse($$"""
            method: random
            run_cap: 5
            parameters: {optimizer: {values: [{{optimizers}}]}, beta: {min: 0.5, max: 0.9} }
            """, "x.yaml").Verify();

        Assert.Equal(warning, Assert.Single(SpecCheck.Of(file).File.Warnings).Message);
    }

    [Theory]
    [InlineData(243, 3, "1 3 9 27 81")]
    [InlineData(1000, 10, "1 10 100")]
    public void Rungs_are_counted_in_integers(int last, int eta, string rungs)
    {
        var check = Check($$"""
            method: random
            run_cap: 5
            metric: {name: loss}
            parameters: {hidden_size: {min: 8, max: 64} }
            early_terminate: {type: asha, max_iter: {{last}}, eta: {{eta}} }
            """);

        Assert.Equal(rungs, string.Join(' ', check.Spec.Rules[0].Plan(last)!.Rungs));
    }

    [Fact]
    public void Hyperband_shows_its_brackets()
    {
        var check = Check("""
            method: random
            run_cap: 50
            metric: {name: val_loss}
            parameters: {hidden_size: {min: 8, max: 64}}
            early_terminate: {type: hyperband_brackets, max_iter: 27}
            """);

        Assert.Contains("    27 runs to epoch 1, 9 to epoch 3, 3 to epoch 9, 1 to epoch 27", check.ToString(), StringComparison.Ordinal);
        Assert.Contains("    12 runs to epoch 3, 4 to epoch 9, 1 to epoch 27", check.ToString(), StringComparison.Ordinal);
        Assert.Contains("    6 runs to epoch 9, 2 to epoch 27", check.ToString(), StringComparison.Ordinal);
        Assert.Contains("    4 runs to epoch 27", check.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{type: hyperband, min_iter: 1}", "hyperband: bands at epochs 1, 3, 9, 27, …; about")]
    [InlineData("{type: hyperband, min_iter: 5, eta: 2}", "bands at epochs 5, 10, 20, 40, …; about")]
    [InlineData("{type: hyperband, max_iter: 27, s: 2}", "bands at epochs 3, 9; about")]
    [InlineData("{type: asha}", "asha: runs wait at epochs 1, 3, 9, 27, …; the best")]
    [InlineData("{type: asha_stopping, max_iter: 1000, eta: 2}", "compared at epochs 1, 2, 4, 8, …, 512; about")]
    public void Of_a_program_that_decides_how_long_a_run_is_the_first_rungs_are_told(string rule, string told) => Assert.Contains(
        told, Check($"program: train.py\nmethod: random\nrun_cap: 5\nmetric: {{name: loss}}\nparameters: {{lr: {{min: 0.1, max: 0.2}}}}\nearly_terminate: {rule}\n").ToString(),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("successive_halving")]
    [InlineData("hyperband_brackets")]
    public void The_cost_of_synchronous_brackets_is_what_they_come_to(string rule)
    {
        foreach (var (last, first, eta) in new[] { (9, 1, 3), (10, 1, 3), (27, 3, 3), (16, 1, 4), (51, 1, 3), (20, 3, 2), (4, 4, 2) })
            foreach (var runs in new[] { 1, 2, 7, 17, 50, 117 })
            {
                var check = Check(Function($"run_cap: {runs}\nepochs: {last}", $"{{type: {rule}, min_iter: {first}, eta: {eta}}}"));
                Assert.True(check.Cost!.Exact);
                foreach (var slots in new[] { 1, 6 })
                    Assert.Equal((last, first, eta, runs, check.Cost.Epochs), (last, first, eta, runs, Simulated(check, slots)));
            }
    }

    [Theory]
    [InlineData("run_cap: 30\nepochs: 9", "{type: none}", 270, true)]
    [InlineData("run_cap: 30\nepochs: 9\nbudget: {epochs: 100}", "{type: none}", 100, true)]
    [InlineData("epochs: 9\nbudget: {epochs: 100}", "{type: asha}", 100, true)]
    [InlineData("run_cap: 49\nepochs: 27", "{type: hyperband_brackets}", 357, true)]
    [InlineData("run_cap: 49\nepochs: 27\nbudget: {epochs: 200}", "{type: hyperband_brackets}", 200, true)]
    [InlineData("run_cap: 49\nepochs: 27", "[{type: hyperband_brackets}, {type: median}]", 357, false)]
    [InlineData("run_cap: 30\nepochs: 9", "{type: asha}", 270, false)]
    [InlineData("run_cap: 30\nepochs: 9", "{type: asha_stopping}", 270, false)]
    [InlineData("run_cap: 30\nepochs: 9\nbudget: {time: 1h}", "{type: none}", 270, false)]
    [InlineData("run_cap: 30\nepochs: 9\nconstraints: ['x1 < 2']", "{type: none}", 270, false)]
    public void Where_results_decide_the_cost_is_a_bound(string limits, string rules, int epochs, bool exact)
    {
        var check = Check(Function(limits, rules));
        Assert.Equal(new EpochCost(epochs, exact), check.Cost);
        var simulated = Simulated(check, 3);
        Assert.True(exact ? simulated == epochs : simulated <= epochs, $"{simulated}");
        Assert.Contains(exact ? $"costs      {epochs} epochs, unless" : $"at most {epochs} epochs", check.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_with_epochs_of_their_own_make_a_bound()
    {
        var varied = Check(Function("run_cap: 10", "{type: none}").Replace("x1:", "epochs: {values: [3, 9]}, x1:", StringComparison.Ordinal));
        var alike = Check(Function("run_cap: 10", "{type: none}").Replace("x1:", "epochs: {value: 9}, x1:", StringComparison.Ordinal));
        Assert.Equal((new EpochCost(90, false), new EpochCost(90, true)), (varied.Cost, alike.Cost));
        Assert.Equal(90, Simulated(alike, 2));
    }

    [Theory]
    [InlineData("{type: none}")]
    [InlineData("{type: hyperband_brackets, max_iter: 27}")]
    public void A_grid_beyond_counting_has_no_cost(string rules)
    {
        var parameters = string.Join(", ", Enumerable.Range(1, 3).Select(i => $"x{i}: {{min: 1, max: 2000000}}"));
        var text = Function("epochs: 27", rules).Replace("method: random", "method: grid", StringComparison.Ordinal);
        Assert.Null(Check(text.Replace("x1: {min: 0.0, max: 1.0}, x2: {min: 0.0, max: 1.0}", parameters, StringComparison.Ordinal)).Cost);
    }

    private static string Function(string limits, string rules) => $$"""
        method: random
        trainable: function
        function: learning_curves
        metric: {name: value}
        parameters: {x1: {min: 0.0, max: 1.0}, x2: {min: 0.0, max: 1.0} }
        {{limits}}
        early_terminate: {{rules}}
        """;

    private static long Simulated(SpecCheck check, int slots) =>
        SimulatedSweep.Run(check.Spec, FunctionTrainable.Of(check.Spec, (TrainableSpec.Function)check.Spec.Trainable), slots, CancellationToken.None).Epochs;

    [Fact]
    public void A_sweep_without_an_end_is_worth_a_warning() =>
        Assert.Contains("run_cap", Assert.Single(Check("method: random\nparameters: {learning_rate: {min: 0.1, max: 0.2}}").File.Warnings).Message, StringComparison.Ordinal);

    [Fact]
    public void The_text_tells_what_would_happen() => Assert.Equal("""
        x: why not
          trains     networks on mnist, 9 epochs a run
          optimises  val_accuracy, larger is better; 0.98 is enough
          method     random, seed 4
          space      infinitely many configurations
          ends       after 2 runs, or at the target
          costs      at most 18 epochs; the results decide how many fewer

        Parameters
          learning_rate  log_uniform_values, 0.0001 to 0.1
          optimizer      one of momentum, adam
          momentum       one of 0.5, 0.9, when optimizer = momentum

        Early termination
          hyperband: bands at epochs 1, 3, 9; about the best 1 in 3 of each goes on

        The first configurations
            0  op_momentum_lr_0.0004558_mo_0.5
            1  op_momentum_lr_0.0816_mo_0.5

        """.ReplaceLineEndings("\n"), Check("""
        method: random
        description: why not
        dataset: mnist
        seed: 4
        run_cap: 2
        epochs: 9
        metric: {name: val_acc, goal: maximize, target: 0.98}
        parameters:
          optimizer: {values: [momentum, adam]}
          learning_rate: {distribution: log_uniform_values, min: 0.0001, max: 0.1}
          momentum: {when: {optimizer: momentum}, values: [0.5, 0.9]}
        early_terminate: {type: hyperband, min_iter: 1}
        """).ToString());
}
