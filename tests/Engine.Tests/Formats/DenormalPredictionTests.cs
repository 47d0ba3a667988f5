using Engine.Data;
using Engine.Formats;
using Engine.Numerics;
using Engine.Training;
using Tests.Shared;

namespace Engine.Tests.Formats;

/// <summary>Weights so small that all their products are denormal numbers, which a processor may compute a hundred times slower.</summary>
public sealed class DenormalPredictionTests
{
    private const float Denormal = 1e-39f;
    private static readonly Dataset Data = Glyphs.Draw(100, 20);

    [Fact]
    public void Predictions_take_denormals_as_zero()
    {
        using var folder = new TemporaryFolder();
        using (var trainer = new Trainer(Data, new TrainingOptions { HiddenSizes = [] }, 1))
        {
            // Only the second class has weights. With flushing they count as 0, all logits are equal, and the first class is predicted.
            trainer.Model.Network.ImportWeights(trainer.Model.Network.ExportWeights().Select(w =>
                (w.Name, w.Shape, w.Values.Select((_, i) => w.Shape.Length == 2 && i % 10 == 1 ? Denormal : 0).ToArray())).ToList());
            ModelFile.Save(trainer, folder["model.npz"]);
        }
        using var model = ModelFile.Load(folder["model.npz"]);

        Assert.All(model.Predict(Data.Test), prediction => Assert.Equal(DenormalFlush.Available ? 0 : 1, prediction));
        Assert.False(DenormalFlush.IsOnThisThread);
    }

    [Fact]
    public void Extracted_features_take_denormals_as_zero()
    {
        using var trainer = new Trainer(Data, new TrainingOptions { Convolutions = [new() { Filters = 3, Activation = "identity" }], HiddenSizes = [] }, 1);
        trainer.Model.Network.ImportWeights(trainer.Model.Network.ExportWeights().Select(w =>
            (w.Name, w.Shape, Enumerable.Repeat(w.Name == "conv1.weight" ? Denormal : 0, w.Values.Length).ToArray())).ToList());

        var features = FeatureExtraction.Extract(trainer.Model, Data).Test.Floats!;

        Assert.Equal(DenormalFlush.Available, Array.TrueForAll(features, value => value == 0));
    }
}
