using Engine.Tests.Support;
using Engine.Training;

namespace Engine.Tests.Networks;

/// <summary>
/// An optimizer needs one file (<see cref="DampedOptimizer"/>) with one line of registration. Tests over the whole catalog include it: it
/// learns, it is suggested for a misspelled name, and its moments decay to 0.
/// </summary>
public sealed class AddedOptimizerTests
{
    private static readonly TrainingOptions Options = new()
    {
        HiddenSizes = [12], Activations = ["relu"], BatchSize = 8, Optimizer = "damped",
        OptimizerOptions = new Dictionary<string, double> { ["learning_rate"] = 0.2, ["beta"] = 0.8 },
    };

    [Fact]
    public void A_checkpoint_has_its_moments() =>
        Weights.AssertSameBits(Train(interrupted: false), Train(interrupted: true));

    [Fact]
    public void Every_vector_width_gives_the_same_bits() => Widths.Same(() => Train(interrupted: false));

    [Theory]
    [InlineData("beta", 2, "'beta'")]
    [InlineData("gamma", 1, "The optimizer 'damped' has no option 'gamma'. It has: learning_rate, beta.")]
    public void Its_options_are_checked(string option, double value, string mistake) => Assert.Contains(
        mistake,
        Assert.Throws<EngineException>(() => new Trainer(
            Blobs.Make(), Options with { OptimizerOptions = new Dictionary<string, double> { [option] = value } }, 1)).Message,
        StringComparison.Ordinal);

    private static float[] Train(bool interrupted)
    {
        using var trainer = new Trainer(Blobs.Make(), Options, 1);
        trainer.TrainEpoch(default);
        if (!interrupted)
        {
            trainer.TrainEpoch(default);
            return Weights.Of(trainer);
        }
        var saved = new MemoryStream();
        trainer.Save(saved);
        saved.Position = 0;
        using var resumed = new Trainer(Blobs.Make(), Options, 1);
        resumed.Load(saved);
        resumed.TrainEpoch(default);
        return Weights.Of(resumed);
    }
}
