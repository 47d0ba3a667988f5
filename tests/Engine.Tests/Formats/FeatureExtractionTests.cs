using Engine.Data;
using Engine.Formats;
using Engine.Networks;
using Engine.Training;

namespace Engine.Tests.Formats;

public sealed class FeatureExtractionTests
{
    private static readonly Dataset Data = Glyphs.Draw(150, 40);

    [Fact]
    public void A_dense_network_on_the_features_can_be_the_rest_of_the_network()
    {
        using var whole = Trained(new TrainingOptions { Convolutions = [new() { Filters = 5, Stride = 2, Pooling = "max" }], HiddenSizes = [9], Activations = ["tanh"] });
        var features = FeatureExtraction.Extract(whole.Model, Data);
        using var rest = new Trainer(features, new TrainingOptions { HiddenSizes = [9], Activations = ["tanh"], Scaling = "symmetric" }, seed: 1);
        Assert.Equal((150, 40, 7 * 7 * 5), (features.Train.Count, features.Test.Count, features.Features));

        // The rest of the network, with an identity scaling.
        var scaling = new Scaling([.. Enumerable.Repeat(1f, features.Features)], new float[features.Features]);
        using var model = new Model(rest.Options, new(1, 1, features.Features), Data.Output, scaling, seed: 1);
        model.Network.ImportWeights(whole.Model.Network.ExportWeights().Where(w => !w.Name.StartsWith("conv", StringComparison.Ordinal)));
        Assert.Equal(whole.EvaluateTest()!.Predictions, model.Evaluate(features.Test).Predictions);
    }

    [Fact]
    public void The_file_holds_three_parts_with_their_labels()
    {
        using var trainer = Trained(new TrainingOptions { Convolutions = [new() { Filters = 3, Stride = 3, Pooling = "global_average" }], HiddenSizes = [] });
        var features = FeatureExtraction.Extract(trainer.Model, Data);
        using var stream = new MemoryStream();
        FeatureExtraction.WriteNpz(stream, features, new TrainingOptions { ValidationShare = 0.2 });

        var parts = Npz.Read(stream.ToArray(), "features.npz").Tensors.ToDictionary(t => t.Name, t => t);
        Assert.Equal([120, 3], parts["train"].Shape);
        Assert.Equal([30, 3], parts["validation"].Shape);
        Assert.Equal([40, 3], parts["test"].Shape);
        Assert.Equal(Data.Test.Labels.Select(l => (float)l), parts["test_labels"].Values);
        Assert.Equal(features.Test.Floats, parts["test"].Values);
    }

    [Fact]
    public void Targets_without_a_test_part_are_written_as_an_empty_array()
    {
        var random = Engine.Tests.Support.Images.Random(20 * 16 + 20 * 2, seed: 1);
        var output = new OutputSpec(LearningTask.Regression, ["a", "b"]);
        var data = new Dataset("images", 4, 4, 1, output, new Samples(random[..320], 16, random[320..]), new Samples(Array.Empty<float>(), 16, []));
        using var trainer = new Trainer(data, new TrainingOptions { Convolutions = [new() { Filters = 3 }], HiddenSizes = [] }, seed: 1);
        using var stream = new MemoryStream();

        FeatureExtraction.WriteNpz(stream, FeatureExtraction.Extract(trainer.Model, data), new TrainingOptions { ValidationShare = 0.2 });

        var parts = Npz.Read(stream.ToArray(), "features.npz").Tensors.ToDictionary(t => t.Name, t => t.Shape);
        Assert.Equal([16, 2], parts["train_targets"]);
        Assert.Equal([0, 2], parts["test_targets"]);
    }

    [Fact]
    public void A_dense_network_has_no_features()
    {
        using var trainer = new Trainer(Data, new TrainingOptions(), seed: 1);
        Assert.Throws<EngineException>(() => FeatureExtraction.Extract(trainer.Model, Data));
    }

    private static Trainer Trained(TrainingOptions options)
    {
        var trainer = new Trainer(Data, options, seed: 1);
        trainer.TrainEpoch(default);
        return trainer;
    }
}
