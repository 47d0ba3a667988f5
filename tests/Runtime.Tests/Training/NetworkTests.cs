using Engine.Data;
using Engine.Training;
using Sweeps.Core;
using Sweeps.Files;
using Sweeps.Training;
using Sweeps.Training.Networks;

namespace Runtime.Tests.Training;

public class NetworkTests
{
    private static Configuration Configure(params (string Name, Value Value)[] pairs) =>
        new(pairs.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)));

    private static TrainingOptions Read(params (string Name, Value Value)[] pairs) => NetworkVocabulary.Read(Configure(pairs), 10, 0).Options;

    private static Value.Text Text(string text) => new(text);

    private static Value.Integer Integer(long number) => new(number);

    private static Value.Number Number(double number) => new(number);

    [Fact]
    public void Names_of_the_reports_mean_the_same_as_ours()
    {
        var options = Read(
            ("nhl", Integer(3)), ("sz", Integer(64)), ("lr", Number(0.01)), ("bs", Integer(32)), ("ac", Text("ReLU")), ("opt", Text("nag")),
            ("w_i", Text("Xavier")), ("l2", Number(0.0005)), ("momentum", Number(0.8)));

        Assert.Equal([64, 64, 64], options.HiddenSizes);
        Assert.Equal("nesterov", options.Optimizer);
        Assert.Equal(0.01, options.OptimizerOptions["learning_rate"]);
        Assert.Equal(0.8, options.OptimizerOptions["momentum"]);
        Assert.Equal(32, options.BatchSize);
        Assert.Equal(["relu"], options.Activations);
        Assert.Equal("xavier", options.Initializer);
        Assert.Equal(0.0005, options.WeightDecay);
    }

    [Fact]
    public void British_and_other_spellings_of_the_reports_are_understood()
    {
        var options = Read(
            ("n_hidden_layers", Integer(2)), ("s_hidden_layer", Integer(16)), ("optimiser", Text("mgd")), ("initialisation", Text("He")),
            ("para", Text("tanh")), ("min_delta", Number(0.01)), ("normalisation", Text("none")));

        Assert.Equal([16, 16], options.HiddenSizes);
        Assert.Equal(("momentum", "he", 0.01, "none"), (options.Optimizer, options.Initializer, options.MinDelta, options.Scaling));
        Assert.Equal(["tanh"], options.Activations);
    }

    [Theory]
    [InlineData(1, "random", "lecun")]
    [InlineData(1, "random_uniform", "lecun_uniform")]
    [InlineData(1, "he", "he")]
    [InlineData(2, "random", "random")]
    public void Random_weights_mean_what_they_meant_when_the_sweep_began(int format, string written, string meant) =>
        Assert.Equal(meant, NetworkVocabulary.Read(Configure(("weight_init", Text(written))), 10, 0, format).Options.Initializer);

    [Theory]
    [InlineData("", 2, 1)]
    [InlineData("format: 1", 1, 1)]
    [InlineData("format: 2", 2, 2)]
    public void A_stored_text_without_a_format_is_of_the_first(string line, int read, int stored)
    {
        var text = $"method: random\nparameters:\n  lr: {{value: 0.1}}\n{line}\n";

        Assert.Equal(read, Assert.IsType<TrainableSpec.Network>(SweepFile.Parse(text, "a.yaml").Spec.Trainable).Format);
        Assert.Equal(stored, Assert.IsType<TrainableSpec.Network>(SweepFile.Stored(text).Trainable).Format);
    }

    [Fact]
    public void Comparing_runs_by_a_loss_that_changes_its_meaning_gives_a_warning()
    {
        const string Text = "method: random\nmetric: {name: val_loss, goal: minimize}\nparameters:\n  label_smoothing: {values: [0, 0.1]}\n";

        Assert.Contains(SweepFile.Parse(Text, "a.yaml").Verify().Warnings, note => note.Message.Contains("val_cross_entropy", StringComparison.Ordinal));
        Assert.DoesNotContain(
            SweepFile.Parse(Text.Replace("val_loss", "val_cross_entropy", StringComparison.Ordinal), "a.yaml").Verify().Warnings,
            note => note.Message.Contains("val_cross_entropy", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("learning-rate", "learning_rate")]
    [InlineData("optimizer.name", "optimizer")]
    [InlineData("optimizer.learning_rate", "learning_rate")]
    [InlineData("model.hidden_size", "hidden_size")]
    [InlineData("schedule.factor", "schedule_factor")]
    [InlineData("schedule.type", "schedule")]
    [InlineData("schedule.patience", "schedule_patience")]
    [InlineData("warmup_epochs", "warmup_epochs")]
    public void Grouped_names_are_understood(string name, string expected) => Assert.Equal(expected, NetworkVocabulary.Find(name)?.Name);

    [Fact]
    public void Options_of_another_optimizer_are_left_out() =>
        Assert.Equal(["learning_rate"], Read(("optimizer", Text("sgd")), ("learning_rate", Number(0.1)), ("momentum", Number(0.9))).OptimizerOptions.Keys);

    [Fact]
    public void A_list_of_widths_and_a_list_of_activations_are_taken()
    {
        var options = Read(
            ("hidden_size", new Value.List([Integer(400), Integer(250)])), ("activation", new Value.List([Text("relu"), Text("tanh")])));

        Assert.Equal([400, 250], options.HiddenSizes);
        Assert.Equal(["relu", "tanh"], options.Activations);
    }

    [Fact]
    public void Convolutions_are_described_by_one_value_for_all_or_one_per_layer()
    {
        var grown = Read(("conv_layers", Integer(3)), ("filters", Integer(16)), ("filter_org", Text("double")), ("pooling_layers", Integer(2)), ("activation", Text("gelu")));
        var listed = Read(("filters", new Value.List([Integer(8), Integer(4)])), ("kernel_size", new Value.List([Integer(5), Integer(3)])), ("padding", Text("valid")), ("pool", Text("avg")));

        Assert.Equal(["16 3x3 p1 s1 gelu max2", "32 3x3 p1 s1 gelu max2", "64 3x3 p1 s1 gelu none"], grown.Convolutions.Select(layer => layer.ToString()));
        Assert.Equal(["8 5x5 p0 s1 relu average2", "4 3x3 p0 s1 relu average2"], listed.Convolutions.Select(layer => layer.ToString()));
        Assert.Empty(Read(("hidden_size", Integer(8))).Convolutions);
    }

    [Fact]
    public void Convolutions_without_a_number_are_refused() =>
        Assert.Contains("'conv_layers'", Assert.Throws<ConfigurationException>(() => Read(("filters", Integer(16)))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_cosine_schedule_ends_with_the_run() =>
        Assert.Equal(10, Read(("schedule", Text("cosine"))).ScheduleOptions["epochs"]);

    [Theory]
    [InlineData("hiden_size", "hidden_size")]
    [InlineData("optimzer", "optimizer")]
    public void An_unknown_name_is_refused_with_the_nearest(string name, string nearest)
    {
        var refused = Assert.Throws<ConfigurationException>(() => Read((name, Integer(3))));

        Assert.Contains(nearest, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_value_is_refused_before_anything_starts()
    {
        var file = SweepFile.Parse("""
            method: random
            metric: {name: val_accurracy, goal: maximize}
            parameters:
              optimizer: {values: [adam, adamm]}
              batch_size: {min: 0, max: 64}
              layers: {value: 3}
              hidden_layer: {value: 3}
            """, "broken.yaml");

        var refused = Assert.Throws<SweepFileException>(file.Verify);

        Assert.Equal([2, 4, 5, 7], refused.Mistakes.Select(mistake => mistake.Location!.Value.Line));
        Assert.Contains("'val_accuracy'", refused.Mistakes[0].Message, StringComparison.Ordinal);
        Assert.Contains("'adam'", refused.Mistakes[1].Message, StringComparison.Ordinal);
        Assert.Contains("cannot be 0", refused.Mistakes[2].Message, StringComparison.Ordinal);
        Assert.Contains("'hidden_layers'", refused.Mistakes[3].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_option_without_effect_is_worth_a_warning()
    {
        var file = SweepFile.Parse("""
            method: random
            parameters:
              optimizer: {values: [adam, momentum]}
              momentum: {values: [0.5, 0.9]}
            """, "idle.yaml").Verify();

        var warning = Assert.Single(file.Warnings);
        Assert.Contains("adam", warning.Message, StringComparison.Ordinal);
        Assert.Contains("when: {optimizer: [momentum]}", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_reports_the_documented_metrics_and_goes_on_from_a_checkpoint_bit_for_bit()
    {
        var spec = SweepFile.Parse("method: grid\nmetric: {name: val_cross_entropy, goal: minimize}\nparameters: {hidden_size: {value: 8}}", "x.yaml").Spec;
        var trainable = new NetworkTrainable(Blobs(), spec, TimeProvider.System);
        var configuration = Configure(("hidden_size", Integer(8)), ("batch_size", Integer(10)));
        using var session = trainable.Start(configuration, 5);
        using var other = trainable.Start(configuration, 5);

        var first = session.TrainEpoch(CancellationToken.None);
        using var saved = new MemoryStream();
        session.Save(saved);
        var second = session.TrainEpoch(CancellationToken.None);
        saved.Position = 0;
        other.Load(saved);
        var again = other.TrainEpoch(CancellationToken.None);

        Assert.Equal(
            ["gradient_norm", "learning_rate", "train_accuracy", "train_loss", "val_accuracy", "val_cross_entropy", "val_loss"], first.Metrics.Keys.Order());
        Assert.Equal(2, again.Epoch);
        Assert.Equal(second.Metrics, again.Metrics);
        Assert.Equal(["test_accuracy", "test_loss"], session.EvaluateTest().Keys.Order());
    }

    [Theory]
    [InlineData("val_macro_f1", "macro_f1")]
    [InlineData("validation/f1", "macro_f1")]
    [InlineData("balanced_accuracy", "balanced_accuracy")]
    [InlineData("roc_auc", "auc")]
    [InlineData("val_auc", "auc")]
    public void A_metric_that_a_sweep_asks_for_is_measured_on_both_parts(string written, string name)
    {
        var spec = SweepFile.Parse($"method: grid\nmetric: {{name: {written}, goal: maximize}}\nparameters: {{hidden_size: {{value: 8}}}}", "x.yaml").Verify().Spec;
        using var session = new NetworkTrainable(Blobs(), spec, TimeProvider.System).Start(Configure(("hidden_size", Integer(8))), 5);

        Assert.InRange(session.TrainEpoch(CancellationToken.None).Metrics[$"val_{name}"], 0, 1);
        Assert.InRange(session.EvaluateTest()[$"test_{name}"], 0, 1);
    }

    [Fact]
    public void The_goal_of_an_error_or_a_score_is_known()
    {
        Assert.Contains("'val_rmse' is maximized", Assert.Single(Warnings("{name: val_rmse, goal: maximize}", "csv:a.csv?target=y")).Message, StringComparison.Ordinal);
        Assert.Contains("'val_top_3_accuracy' is minimized", Assert.Single(Warnings("{name: val_top_3_accuracy, goal: minimize}")).Message, StringComparison.Ordinal);
        Assert.Empty(Warnings("{name: val_r2, goal: maximize}", "csv:a.csv?target=y"));

        static IReadOnlyList<Diagnostic> Warnings(string metric, string dataset = "mnist") =>
            SweepFile.Parse($"method: random\nrun_cap: 1\ndataset: {dataset}\nmetric: {metric}\nparameters: {{hidden_size: {{value: 8}}}}", "x.yaml").Verify().Warnings;
    }

    [Fact]
    public void A_configuration_with_a_seed_of_its_own_uses_it()
    {
        var spec = SweepFile.Parse("method: grid\nparameters: {seed: {values: [1, 2]}}", "x.yaml").Spec;
        var trainable = new NetworkTrainable(Blobs(), spec, TimeProvider.System);

        using var session = trainable.Start(Configure(("seed", Integer(2))), 99);

        Assert.Equal(2UL, session.Trainer.Seed);
    }

    private static Dataset Blobs()
    {
        var generator = new SplitMix64(1);
        Samples Make(int count)
        {
            var labels = Enumerable.Range(0, count).Select(i => (byte)(i % 2)).ToArray();
            return new Samples([.. labels.SelectMany(label => Enumerable.Range(0, 4).Select(_ => (byte)(label * 100 + generator.NextDouble() * 155)))], labels, 4);
        }
        return new Dataset("blobs", 2, 2, 1, ["a", "b"], Make(60), Make(20));
    }
}
