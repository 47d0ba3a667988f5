using Engine.Data;
using Engine.Tests.Support;
using Engine.Training;

namespace Engine.Tests.Training;

public sealed class StuckTests
{
    [Fact]
    public void A_network_that_guesses_is_stuck_from_the_second_epoch_on()
    {
        // A decay of this size pulls every weight to 0.
        var options = new TrainingOptions { HiddenSizes = [16], WeightDecay = 0.5, OptimizerOptions = new Dictionary<string, double> { ["learning_rate"] = 0.005 } };
        var results = Train(options, 5, Glyphs.Draw(4000, 10));

        Assert.Null(results[0].Stuck);
        Assert.Contains("guessing", results[4].Stuck ?? $"{results[4]}", StringComparison.Ordinal);
    }

    [Fact]
    public void A_squared_error_whose_gradient_has_vanished_is_stuck()
    {
        // Steps of this size saturate the softmax at one class at once.
        var options = new TrainingOptions
        {
            HiddenSizes = [16], Loss = "squared_error", Optimizer = "sgd", OptimizerOptions = new Dictionary<string, double> { ["learning_rate"] = 1e6 },
        };
        Assert.Contains("vanished", Train(options, 3)[2].Stuck, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_that_learns_is_not_stuck() => Assert.All(Train(new TrainingOptions { HiddenSizes = [16] }, 3), result => Assert.Null(result.Stuck));

    [Theory]
    [InlineData("cross_entropy", 0)]
    [InlineData("cross_entropy", 0.1)]
    [InlineData("squared_error", 0)]
    public void The_plain_cross_entropy_is_known_beside_every_loss(string loss, double smoothing)
    {
        using var trainer = new Trainer(Blobs.Make(), new TrainingOptions { HiddenSizes = [16], Loss = loss, LabelSmoothing = smoothing }, 1);
        var result = trainer.TrainEpoch(default);
        using var plain = new Model(new TrainingOptions { HiddenSizes = [16] }, new(7, 7, 1), trainer.Model.Output, trainer.Model.Scaling, seed: 0);
        plain.Network.ImportWeights(trainer.Model.Network.ExportWeights());
        var data = Blobs.Make();
        var validation = Split.Make(data.Train.Labels, 0.1, stratified: false, seed: 0).Validation;
        var held = new Samples([.. validation.SelectMany(i => data.Train.Bytes!.Skip(i * 49).Take(49))], [.. validation.Select(i => data.Train.Labels[i])], 49);

        Assert.Equal(plain.Evaluate(held).Loss, result.ValidationCrossEntropy!.Value, 1e-6);
        Assert.Equal(loss == "cross_entropy" && smoothing == 0, result.ValidationCrossEntropy == result.ValidationLoss);
    }

    private static List<EpochResult> Train(TrainingOptions options, int epochs, Dataset? data = null)
    {
        using var trainer = new Trainer(data ?? Blobs.Make(), options, 1);
        return [.. Enumerable.Range(0, epochs).Select(_ => trainer.TrainEpoch(default))];
    }
}
