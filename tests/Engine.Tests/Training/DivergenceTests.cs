using Engine.Data;
using Engine.Networks;
using Engine.Tests.Support;
using Engine.Training;

namespace Engine.Tests.Training;

public sealed class DivergenceTests
{
    [Fact]
    public void A_learning_rate_far_too_large_ends_the_epoch_at_a_batch_with_the_reason()
    {
        using var trainer = new Trainer(Blobs.Make(), Options(1e30), 1);

        var result = trainer.TrainEpoch(default);

        Assert.NotNull(result.Diverged);
        Assert.InRange(result.Diverged.Batch, 2, trainer.Batches);
        Assert.Contains($"at batch {result.Diverged.Batch}", result.Diverged.ToString(), StringComparison.Ordinal);
        Assert.Null(result.ValidationLoss);
        Assert.Equal(0, trainer.Epoch);
    }

    [Fact]
    public void A_loss_above_the_limit_counts_as_an_explosion()
    {
        using var trainer = new Trainer(Blobs.Make(), Options(0.01) with { LossLimit = 1e-3 }, 1);

        var reason = trainer.TrainEpoch(default).Diverged;

        Assert.Equal(DivergenceKind.Explosion, reason?.Kind);
        Assert.Equal(1, reason?.Batch);
    }

    [Fact]
    public void A_NaN_among_the_features_is_found_at_its_batch()
    {
        float[] features = [.. Enumerable.Range(0, 40).Select(i => i == 25 ? float.NaN : i)];
        var data = new Dataset("table", 1, 2, 1, ["no", "yes"], new Samples(features, new byte[20], 2), new Samples([0f, 0f], new byte[1], 2));
        using var trainer = new Trainer(data, Options(0.1) with { BatchSize = 20, ValidationShare = 0 }, 1);

        var reason = trainer.TrainEpoch(default).Diverged;

        Assert.Equal(DivergenceKind.Loss, reason?.Kind);
        Assert.True(double.IsNaN(reason!.Value));
    }

    [Fact]
    public void A_diverged_run_cannot_go_on_also_after_a_load()
    {
        using var trainer = new Trainer(Blobs.Make(), Options(1e30), 1);
        trainer.TrainEpoch(default);
        var saved = new MemoryStream();
        trainer.Save(saved);
        saved.Position = 0;
        using var loaded = new Trainer(Blobs.Make(), Options(1e30), 1);

        loaded.Load(saved);

        Assert.Throws<InvalidOperationException>(() => trainer.TrainEpoch(default));
        Assert.Throws<InvalidOperationException>(() => loaded.TrainEpoch(default));
    }

    private static TrainingOptions Options(double rate) => new()
    {
        HiddenSizes = [20], BatchSize = 32, Optimizer = "sgd", OptimizerOptions = new Dictionary<string, double> { ["learning_rate"] = rate },
    };
}
