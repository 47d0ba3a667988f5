using Engine.Data;
using Engine.Formats;
using Engine.Training;
using Sweeps.Analysis;

namespace Runtime.Tests.Analysis;

public class ModelInspectionTests
{
    private static readonly Dataset Data = Glyphs.Draw(400, 100);

    [Fact]
    public void A_model_of_images_is_shown_with_its_mistakes_and_what_its_units_look_for()
    {
        var inspection = ModelInspection.Of(Weights(Data, new TrainingOptions { HiddenSizes = [6] }), Data);

        Assert.Equal(("test", 100), (inspection.Part, inspection.Report!.Count));
        Assert.Equal(inspection.Report.Accuracy, inspection.Metrics["accuracy"], 12);
        Assert.Superset(new HashSet<string> { "loss", "macro_f1", "balanced_accuracy", "auc", "top_3_accuracy" }, inspection.Metrics.Keys.ToHashSet());
        Assert.Equal(100 - (int)Math.Round(100 * inspection.Report.Accuracy), inspection.Mistakes.Count);
        Assert.All(inspection.Mistakes.Zip(inspection.Mistakes.Skip(1)), pair => Assert.True(pair.First.Probability >= pair.Second.Probability));
        Assert.All(inspection.Mistakes, mistake => Assert.Equal(Data.Test.Labels[mistake.Example], mistake.Label));
        Assert.Equal(6, inspection.FirstLayer.Count);
        Assert.All(inspection.FirstLayer, unit => Assert.Equal((28, 28, 1, 784), (unit.Height, unit.Width, unit.Channels, unit.Values.Length)));
        Assert.Equal("89504E470D0A1A0A", Convert.ToHexString(inspection.Image(inspection.Mistakes[0].Example)!.AsSpan(0, 8)));
        Assert.NotNull(ModelInspection.Montage(Data, 3));
        Assert.Equal(10, ModelInspection.ImagePerClass(Data).Count(image => image is not null));
        Assert.Equal(1, Enumerable.Range(0, 10).Sum(c => inspection.Probability(7, c)), 1e-6);
    }

    [Fact]
    public void The_filters_of_a_convolution_are_shown() =>
        Assert.All(
            ModelInspection.Of(Weights(Data, new TrainingOptions { Convolutions = [new() { Filters = 3 }], HiddenSizes = [] }), Data).FirstLayer,
            filter => Assert.Equal((3, 3, 1), (filter.Height, filter.Width, filter.Channels)));

    [Fact]
    public void A_model_of_numbers_has_no_classes_and_other_data_are_refused()
    {
        var samples = new Samples(Enumerable.Range(0, 60).Select(i => (float)i).ToArray(), 2, [.. Enumerable.Range(0, 30).Select(i => 3f * i)]);
        var numbers = new Dataset("numbers", 1, 2, 1, new OutputSpec(LearningTask.Regression, ["y"]), samples, new Samples(Array.Empty<float>(), 2, []));
        var weights = Weights(numbers, new TrainingOptions { HiddenSizes = [4] });

        var inspection = ModelInspection.Of(weights, numbers);

        Assert.Equal("train", inspection.Part);
        Assert.Null(inspection.Report);
        Assert.Null(inspection.Image(0));
        Assert.Null(ModelInspection.Montage(numbers, 3));
        Assert.Empty(inspection.Mistakes);
        Assert.Equal(["loss", "mae", "r2", "rmse"], inspection.Metrics.Keys.Order());
        Assert.Contains("predicts y", Assert.Throws<Engine.EngineException>(() => ModelInspection.Of(weights, Data)).Message, StringComparison.Ordinal);
    }

    private static byte[] Weights(Dataset data, TrainingOptions options)
    {
        using var trainer = new Trainer(data, options, 1);
        trainer.TrainEpoch(default);
        using var weights = new MemoryStream();
        ModelFile.Write(trainer, weights);
        return weights.ToArray();
    }
}
