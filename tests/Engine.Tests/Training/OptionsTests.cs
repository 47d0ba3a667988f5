using Engine.Data;
using Engine.Networks;
using Engine.Training;

namespace Engine.Tests.Training;

public sealed class OptionsTests
{
    public static TheoryData<TrainingOptions, string> Refused => new()
    {
        { new() { HiddenSizes = [4, 0] }, "0 units" },
        { new() { HiddenSizes = [4, 4, 4], Activations = ["relu", "tanh"] }, "2 activations for 3 hidden layers" },
        { new() { Activations = ["rleu"] }, "There is no activation 'rleu'" },
        { new() { Dropout = 1 }, "Dropout is 1" },
        { new() { Dropout = double.NaN }, "Dropout is NaN" },
        { new() { Initializer = "zeros" }, "There is no initializer 'zeros'" },
        { new() { Loss = "hinge" }, "There is no loss 'hinge'" },
        { new() { LabelSmoothing = -0.1 }, "Label smoothing is -0.1" },
        { new() { Optimizer = "lion" }, "There is no optimizer 'lion'" },
        { new() { OptimizerOptions = One("momentum", 0.9) }, "'adam' has no option 'momentum'. It has: learning_rate, beta1" },
        { new() { OptimizerOptions = One("beta1", 1) }, "'beta1' of the optimizer 'adam' is 1, but must be a number in [0, 1)" },
        { new() { OptimizerOptions = One("learning_rate", 0) }, "'learning_rate' of the optimizer 'adam' is 0" },
        { new() { WeightDecay = double.PositiveInfinity }, "Weight decay is" },
        { new() { ClipNorm = -1 }, "The clipping norm is -1" },
        { new() { BatchSize = -5 }, "The batch size is -5" },
        { new() { Schedule = "linear" }, "There is no schedule 'linear'" },
        { new() { Schedule = "step", ScheduleOptions = One("every", 2.5) }, "'every' of the schedule 'step' is 2.5, but must be a whole number" },
        { new() { ScheduleOptions = One("factor", 0.5) }, "The schedule 'constant' has no option 'factor'" },
        { new() { Patience = -1 }, "Patience is -1" },
        { new() { ValidationShare = 1 }, "The validation share is 1" },
        { new() { ValidationShare = 0, Patience = 3 }, "Early stopping needs a validation share" },
        { new() { Scaling = "minmax" }, "There is no scaling 'minmax'" },
        { new() { LossLimit = 0 }, "The loss limit is 0" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_cannot_be_trained_is_refused_with_the_value_and_what_it_must_be(TrainingOptions options, string message) =>
        Assert.Contains(message, Assert.Throws<EngineException>(options.Validate).Message, StringComparison.Ordinal);

    [Fact]
    public void The_defaults_can_be_trained() => new TrainingOptions().Validate();

    private static Dictionary<string, double> One(string name, double value) => new() { [name] = value };
}
