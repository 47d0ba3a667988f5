using Engine.Tests.Support;
using Engine.Training;

namespace Engine.Tests.Training;

public sealed class EarlyStoppingTests
{
    /// <summary>Options with a learning rate at which the small network overfits early.</summary>
    private static readonly TrainingOptions Options = new()
    {
        HiddenSizes = [64], BatchSize = 16, Patience = 3, OptimizerOptions = new Dictionary<string, double> { ["learning_rate"] = 0.01 },
    };

    [Fact]
    public void It_stops_after_the_patience()
    {
        using var trainer = new Trainer(Blobs.Make(), Options, 1);
        var losses = new List<double>();
        while (!trainer.StoppedEarly && losses.Count < 200)
            losses.Add(trainer.TrainEpoch(default).ValidationLoss!.Value);

        var best = losses.IndexOf(losses.Min());
        Assert.Equal(best + Options.Patience, losses.Count - 1);
        Assert.Throws<InvalidOperationException>(() => trainer.TrainEpoch(default));
    }

    [Fact]
    public void An_improvement_below_the_least_one_does_not_count()
    {
        var stopping = new EarlyStopping(patience: 2, minDelta: 0.1);
        foreach (var loss in new[] { 1, 0.85, 0.8 })
            stopping.EpochEnded(loss);
        Assert.False(stopping.Stopped);

        stopping.EpochEnded(0.76);
        Assert.True(stopping.Stopped);
    }

    [Fact]
    public void A_load_in_the_middle_of_the_patience_stops_at_the_same_epoch()
    {
        using var straight = new Trainer(Blobs.Make(), Options, 1);
        while (!straight.StoppedEarly)
            straight.TrainEpoch(default);
        var saved = new MemoryStream();
        using (var first = new Trainer(Blobs.Make(), Options, 1))
        {
            while (first.Epoch < straight.Epoch - 1)
                first.TrainEpoch(default);
            first.Save(saved);
        }
        saved.Position = 0;
        using var second = new Trainer(Blobs.Make(), Options, 1);
        second.Load(saved);

        second.TrainEpoch(default);

        Assert.True(second.StoppedEarly);
        Weights.AssertSameBits(Weights.Of(straight), Weights.Of(second));
    }
}
