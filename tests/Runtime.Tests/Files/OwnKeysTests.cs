using Sweeps.Core;
using Sweeps.Core.Rules;
using Sweeps.Files;

namespace Runtime.Tests.Files;

public class OwnKeysTests
{
    private static SweepSpec Spec(string text) => SweepFile.Parse($"method: random\n{text}", "x.yaml").Spec;

    [Theory]
    [InlineData("all", null)]
    [InlineData("1", 1)]
    [InlineData("12", 12)]
    public void Threads_limits_the_slots_that_help_a_run(string text, int? most) =>
        Assert.Equal(most, Assert.IsType<TrainableSpec.Network>(Spec($"threads: {text}\nparameters: {{x: {{value: 1}}}}").Trainable).Threads);

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("some")]
    [InlineData("[1]")]
    public void Other_threads_are_refused(string text) => Assert.Contains(
        "a number of threads from 1 on, or all",
        Assert.Single(Assert.Throws<SweepFileException>(() => Spec($"threads: {text}\nparameters: {{x: {{value: 1}}}}")).Mistakes).Message, StringComparison.Ordinal);

    [Fact]
    public void Budget_checkpoints_and_slots_are_read()
    {
        var spec = Spec("budget: {epochs: 500, time: 1h30m}\ncheckpoint: {epochs: 2}\npriority: 3\nweight: 0.5\nmax_slots: 4\nparameters: {x: {value: 1}}");

        Assert.Equal(new Budget(500, TimeSpan.FromMinutes(90)), spec.Budget);
        Assert.Equal(new CheckpointPolicy(2, null), spec.Checkpoint);
        Assert.Equal(new SlotShare(3, 0.5, 4), spec.Slots);
    }

    [Theory]
    [InlineData("45", 45)]
    [InlineData("90s", 90)]
    [InlineData("2h", 7200)]
    [InlineData("1h30m", 5400)]
    [InlineData("0.5d", 43200)]
    [InlineData("10min", 600)]
    public void Times_are_written_as_people_write_them(string text, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Spec($"budget: {{time: {text}}}\nparameters: {{x: {{value: 1}}}}").Budget.WallTime);

    [Theory]
    [InlineData("function: branin", 0, Fidelity.Linear, 0)]
    [InlineData("function: {name: branin, noise: 0.5, fidelity: logarithmic, pace: 0.2s}", 0.5, Fidelity.Logarithmic, 0.2)]
    public void A_function_is_named_with_its_noise_fidelity_and_pace(string text, double noise, Fidelity fidelity, double pace) => Assert.Equal(
        new TrainableSpec.Function("branin", noise, fidelity, TimeSpan.FromSeconds(pace)),
        Spec($"{text}\nparameters: {{x1: {{min: -5.0, max: 10.0}}, x2: {{min: 0.0, max: 15.0}}}}").Trainable);

    [Fact]
    public void Enqueued_configurations_are_completed_in_the_forms_of_the_space()
    {
        var spec = Spec("""
            enqueue:
              - {width: 64.0, optimizer: {name: momentum, rate: 1}, momentum: 0.9}
              - {width: 32, optimizer.name: sgd, optimizer.rate: 0.5}
            parameters:
              width: {min: 8, max: 64}
              depth: {value: 3}
              optimizer: {parameters: {name: {values: [sgd, momentum]}, rate: {min: 0.0, max: 1.0}}}
              momentum: {when: {optimizer.name: momentum}, values: [0.5, 0.9]}
            """);

        Assert.Equal(
            ["depth=3 momentum=0.9 optimizer.name=momentum optimizer.rate=1 width=64", "depth=3 optimizer.name=sgd optimizer.rate=0.5 width=32"],
            spec.Enqueue.Select(configuration => configuration.ToString()));
        Assert.Equal(new Value.Integer(64), spec.Enqueue[0]["width"]);
    }

    [Fact]
    public void A_condition_on_a_group_holds_for_all_its_members()
    {
        var spec = Spec("parameters: {a: {values: [1, 2]}, g: {when: {a: 2}, parameters: {x: {value: 1}, h: {parameters: {y: {value: 2}}}}}}");

        Assert.Equal("a=2 g.h.y=2 g.x=1", spec.Space.Assemble(parameter => parameter.Distribution.Quantile(0.9)).ToString());
        Assert.Equal("a=1", spec.Space.Assemble(parameter => parameter.Distribution.Quantile(0.1)).ToString());
    }

    [Theory]
    [InlineData("parameters: {x: {value: 1}}", 10)]
    [InlineData("epochs: 4\nparameters: {x: {value: 1}}", 4)]
    [InlineData("parameters: {epochs: {values: [3, 7]}}", 7)]
    [InlineData("metric: {name: loss}\nearly_terminate: {type: asha, max_iter: 27}\nparameters: {x: {value: 1}}", 27)]
    [InlineData("epochs: 5\nparameters: {x: {values: [1, 2]}, epochs: {when: {x: 1}, value: 3}}", 5)]
    public void The_most_epochs_are_known(string text, int most) => Assert.Equal(most, Spec(text).MaxEpochs);

    [Fact]
    public void Several_rules_stand_in_a_list_and_the_last_rung_is_filled_in() => Assert.Equal(
        [new AshaSpec(1, 12, 3), new MedianSpec(5, 5), new PatienceSpec(4, 0.01)],
        Spec("epochs: 12\nmetric: {name: loss}\nparameters: {x: {value: 1}}\nearly_terminate: [{type: asha_promotion}, {type: median}, {type: patience, epochs: 4, tolerance: 0.01}, {type: none}]").Rules);
}
