using Engine.Data;
using Engine.Tests.Support;
using Engine.Training;

namespace Engine.Tests.Training;

/// <summary>Networks that predict numbers or several labels.</summary>
public sealed class TargetTests
{
    private static readonly TrainingOptions Options = new() { HiddenSizes = [30], Activations = ["tanh"], BatchSize = 16, OptimizerOptions = new Dictionary<string, double> { ["learning_rate"] = 0.01 } };

    [Theory]
    [InlineData("squared_error")]
    [InlineData("absolute_error")]
    [InlineData("huber")]
    public void Numbers_are_predicted_in_their_own_units_whatever_these_are(string loss)
    {
        var data = Tables.Regression();
        using var trainer = Trained(data, Options with { Loss = loss }, 30, out var last);
        Assert.Equal(["r2", "mae", "rmse"], trainer.Metrics);
        Assert.True(last.ValidationMetrics[0] > 0.9, $"R² is {last.ValidationMetrics[0]}.");
        Assert.Null(last.TrainAccuracy);

        var test = trainer.EvaluateTest()!;

        // The noise of the first target is 200, its deviation some 2500.
        Assert.InRange(Enumerable.Range(0, test.Count).Average(i => Math.Abs(test.Outputs[2 * i] - test.Target(i, 0))), 100, 1000);
        Assert.InRange(Enumerable.Range(0, test.Count).Average(i => Math.Abs(test.Outputs[2 * i + 1] - test.Target(i, 1))), 0.0002, 0.002);
        Assert.Null(test.Accuracy);
    }

    [Fact]
    public void The_metrics_of_numbers_are_those_computed_by_hand()
    {
        using var trainer = Trained(Tables.Regression(), Options, 1, out _);
        var test = trainer.EvaluateTest()!;
        double[] error = [.. Enumerable.Range(0, 2 * test.Count).Select(i => (double)test.Outputs[i] - test.Target(i / 2, i % 2))];
        double[] target = [.. Enumerable.Range(0, 2 * test.Count).Select(i => (double)test.Target(i / 2, i % 2))];

        double Of(Func<int, double> measure) => (measure(0) + measure(1)) / 2;
        double[] Each(double[] values, int t) => [.. values.Where((_, i) => i % 2 == t)];
        Assert.Equal(
            [
                Of(t => 1 - Each(error, t).Sum(x => x * x) / Each(target, t).Sum(y => Math.Pow(y - Each(target, t).Average(), 2))),
                Of(t => Each(error, t).Average(Math.Abs)), Of(t => Math.Sqrt(Each(error, t).Average(x => x * x))),
            ],
            test.Measure(["r2", "mae", "rmse"]), (a, b) => Math.Abs(a - b) <= 1e-9 * Math.Abs(a));
    }

    [Fact]
    public void Labels_are_predicted_each_by_itself_and_weights_find_the_rare_ones()
    {
        var data = Tables.MultiLabel();
        using var plain = Trained(data, Options, 10, out var last);
        using var balanced = Trained(data, Options with { BalancedClasses = true }, 10, out _);
        Assert.Equal(["macro_f1"], plain.Metrics);
        Assert.True(last.ValidationAccuracy > 0.9 && last.ValidationMetrics[0] > 0.8, $"{last}");

        var (without, with) = (plain.EvaluateTest()!, balanced.EvaluateTest()!);

        Assert.All(with.Probabilities(), p => Assert.InRange(p, 0, 1));
        Assert.True(Rare(with) >= Rare(without) && Rare(with) > 0);
        static int Rare(Evaluation e) => Enumerable.Range(0, e.Count).Count(i => e.Outputs[3 * i + 2] > 0);
    }

    [Fact]
    public void Balanced_classes_make_the_rare_one_count()
    {
        // One in ten examples is of the second class, and no feature predicts it.
        byte[] labels = [.. Enumerable.Range(0, 400).Select(i => (byte)(i % 10 == 0 ? 1 : 0))];
        var samples = new Samples(Enumerable.Range(0, 400).Select(i => (float)(i / 10 % 7)).ToArray(), labels, 1);
        var data = new Dataset("rare", 1, 1, 1, ["often", "seldom"], samples, samples);

        double Seldom(TrainingOptions options)
        {
            using var trainer = Trained(data, options with { HiddenSizes = [4], Stratified = true }, 40, out _);
            return trainer.EvaluateTest()!.Probabilities().Where((_, i) => i % 2 == 1).Average(p => (double)p);
        }
        Assert.InRange(Seldom(Options), 0.05, 0.15);
        Assert.InRange(Seldom(Options with { BalancedClasses = true }), 0.4, 0.6);
        Assert.InRange(Seldom(Options with { ClassWeights = [1, 9] }), 0.4, 0.6);
    }

    [Fact]
    public void An_epoch_of_fewer_examples_uses_each_once_before_any_twice_and_goes_on_after_a_load()
    {
        var options = Options with { EpochExamples = 130 };
        using var straight = Trained(Blobs.Make(), options, 5, out _);
        Assert.Equal(9, straight.Batches);
        var saved = new MemoryStream();
        using (var first = Trained(Blobs.Make(), options, 3, out _))
            first.Save(saved);
        saved.Position = 0;
        using var second = new Trainer(Blobs.Make(), options, 1);
        second.Load(saved);
        second.TrainEpoch(default);
        second.TrainEpoch(default);

        Weights.AssertSameBits(Weights.Of(straight), Weights.Of(second));

        // There are 450 training examples and batches of 15: ten epochs of 45 examples use the same batches as one pass.
        using var whole = Trained(Blobs.Make(), options with { EpochExamples = 0, BatchSize = 15 }, 1, out _);
        using var parts = Trained(Blobs.Make(), options with { EpochExamples = 45, BatchSize = 15 }, 10, out _);
        Weights.AssertSameBits(Weights.Of(whole), Weights.Of(parts));
    }

    [Theory]
    [InlineData("huber", "The loss 'huber' is not for classes. Choose one of: cross_entropy")]
    [InlineData("binary_cross_entropy", "is not for classes")]
    public void A_loss_for_other_outputs_is_refused(string loss, string message) =>
        Assert.Contains(message, Refusal(Blobs.Make(), new TrainingOptions { Loss = loss }), StringComparison.Ordinal);

    [Fact]
    public void What_does_not_go_with_the_outputs_is_refused()
    {
        Assert.Contains("'auc' does not measure numbers", Refusal(Tables.Regression(), new TrainingOptions { Metrics = ["auc"] }), StringComparison.Ordinal);
        Assert.Contains("always 1 with 4 classes", Refusal(Blobs.Make(), new TrainingOptions { Metrics = ["top_4_accuracy"] }), StringComparison.Ordinal);
        Assert.Contains("3 class_weights for 4 classes", Refusal(Blobs.Make(), new TrainingOptions { ClassWeights = [1, 2, 3] }), StringComparison.Ordinal);
        Assert.Contains("class_weights are for classes", Refusal(Tables.Regression(), new TrainingOptions { BalancedClasses = true }), StringComparison.Ordinal);
        Assert.Contains("label_smoothing is for classes", Refusal(Tables.Regression(), new TrainingOptions { LabelSmoothing = 0.1 }), StringComparison.Ordinal);
    }

    private static string Refusal(Dataset data, TrainingOptions options) => Assert.Throws<EngineException>(() => new Trainer(data, options, 1)).Message;

    private static Trainer Trained(Dataset data, TrainingOptions options, int epochs, out EpochResult last)
    {
        var trainer = new Trainer(data, options, 1);
        last = trainer.TrainEpoch(default);
        for (var epoch = 1; epoch < epochs; epoch++)
            last = trainer.TrainEpoch(default);
        return trainer;
    }
}
