using System.Globalization;
using Engine;
using Engine.Data;
using Engine.Formats;
using Engine.Numerics;
using Engine.Training;
using Sweeps.Core;
using Sweeps.Core.Space;
using Sweeps.Files;
using Sweeps.Files.Sections;
using Sweeps.Files.Yaml;
using Sweeps.Nodes;
using Sweeps.Programs;

namespace Sweeps.Training.Networks;

/// <summary><c>trainable: network</c>: a neural network on a data set.</summary>
public sealed class NetworkDescriptor : TrainableDescriptor
{
    /// <summary>The prefix of metrics that are measured on the validation part.</summary>
    internal const string Validation = "val_";

    private const string DefaultDataset = "fashion-mnist";

    /// <inheritdoc/>
    public override string Name => "network";

    /// <inheritdoc/>
    public override string Key => "dataset";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Metrics { get; } =
    [
        "train_loss", "train_accuracy", "val_loss", "val_accuracy", "val_cross_entropy", "learning_rate", "gradient_norm",
        .. Engine.Training.Metrics.Names.Select(name => Validation + name),
    ];

    /// <inheritdoc/>
    public override string? SourceParameter(SearchSpace space) =>
        space.Parameters.FirstOrDefault(parameter => NetworkVocabulary.Find(parameter.Name)?.Name == NetworkVocabulary.FeaturesOf)?.Name;

    /// <inheritdoc/>
    public override bool Matches(TrainableSpec spec) => spec is TrainableSpec.Network;

    internal override TrainableSpec Read(Section top, int format) =>
        new TrainableSpec.Network(DatasetSection.Read(top, Key) ?? DefaultDataset) { Format = format, Threads = ReadThreads(top) };

    private static int? ReadThreads(Section top)
    {
        const string Threads = "threads";
        if (top.Take(Threads) is not { } node || node is ScalarNode { Text: "all" })
            return null;
        if (node is ScalarNode { Text: var text } && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 1)
            return count;
        top.Wrong(Threads, node, "a number of threads from 1 on, or all");
        return null;
    }

    /// <inheritdoc/>
    public override Objective DefaultObjective(TrainableSpec spec) => TaskOf(spec) == LearningTask.Regression
        ? new("val_rmse", Goal.Minimize)
        : new("val_accuracy", Goal.Maximize);

    /// <summary>Returns <c>val_accuracy</c> for <c>val_acc</c>, <c>validation/accuracy</c> and <c>accuracy</c>, and so on for other metrics.</summary>
    public override string CanonicalMetric(string name)
    {
        if (HasMetric(name))
            return name;
        var words = name.ToUpperInvariant().Split('_', '-', '/', '.', ' ');
        var part = words.Any(word => word is "TRAIN" or "TRAINING") ? "train" : "val";
        var rest = words.Where(word => word is not ("TRAIN" or "TRAINING" or "VAL" or "VALID" or "VALIDATION" or "DEV" or "EPOCH")).ToArray();
        return rest switch
        {
            ["ACC" or "ACCURACY"] => $"{part}_accuracy",
            ["LOSS"] => $"{part}_loss",
            ["CROSS", "ENTROPY"] when part == "val" => "val_cross_entropy",
            ["LR"] => "learning_rate",
            ["GRAD", "NORM"] => "gradient_norm",
            ["F1"] => "val_macro_f1",
            ["ROC", "AUC"] => "val_auc",
            ["R2", "SCORE"] => "val_r2",
            ["TOP1", "ACCURACY"] => $"{part}_accuracy",
            _ when string.Join('_', rest).ToLowerInvariant() is var rebuilt && part == "val" && Engine.Training.Metrics.Has(rebuilt) => Validation + rebuilt,
            _ => name,
        };
    }

    /// <inheritdoc/>
    public override bool HasMetric(string name) => Metrics.Contains(name) || MeasureOf(name) is not null;

    /// <inheritdoc/>
    public override Goal? UsualGoal(string metric) => metric switch
    {
        _ when metric.EndsWith("accuracy", StringComparison.Ordinal) => Goal.Maximize,
        _ when metric.EndsWith("_loss", StringComparison.Ordinal) || metric == "val_cross_entropy" => Goal.Minimize,
        _ when MeasureOf(metric) is { } measure => Engine.Training.Metrics.Find(measure).SmallerIsBetter ? Goal.Minimize : Goal.Maximize,
        _ => null,
    };

    /// <summary>
    /// Returns the engine's name, such as <c>auc</c>, of a metric that is measured on the validation part only if it is the objective; else null.
    /// </summary>
    internal static string? MeasureOf(string metric) =>
        metric.StartsWith(Validation, StringComparison.Ordinal) && Engine.Training.Metrics.Has(metric[Validation.Length..]) ? metric[Validation.Length..] : null;

    internal override void Check(SweepFile file, Diagnostics diagnostics)
    {
        var dataset = ((TrainableSpec.Network)file.Spec.Trainable).Dataset;
        if (!dataset.Contains(':', StringComparison.Ordinal) && !DatasetCatalog.Names.Contains(dataset))
            diagnostics.Mistake(file.TrainedLocation, $"There is no data set '{dataset}'. {DidYouMean.Hint(dataset, [.. DatasetCatalog.Names, "idx:FOLDER", "csv:FILE#COLUMN", "npz:FILE", "images:FOLDER", "features:MODEL@NAME"])}");
        if (TaskOf(file.Spec.Trainable) is { } task && Refusal(file.Spec.Objective.Name, task) is { } refusal)
            diagnostics.Mistake(file.MetricLocation, refusal);
        NetworkCheck.Run(file, diagnostics);
    }

    /// <summary>Returns the reason why runs of a task do not report a metric; null if they do.</summary>
    internal static string? Refusal(string metric, LearningTask task)
    {
        var reported = task switch
        {
            LearningTask.Regression => !metric.EndsWith("accuracy", StringComparison.Ordinal) && metric != "val_cross_entropy",
            LearningTask.MultiLabel => metric != "val_cross_entropy",
            _ => true,
        };
        if (MeasureOf(metric) is { } measure)
            reported = Engine.Training.Metrics.Find(measure).Tasks.Contains(task);
        return reported ? null : $"'{metric}' is not reported for {(task switch { LearningTask.Regression => "numbers", LearningTask.MultiLabel => "several labels", _ => "classes" })}. "
            + $"Use {(task switch { LearningTask.Regression => "{name: val_rmse, goal: minimize} or val_r2, val_mae, val_loss", LearningTask.MultiLabel => "{name: val_macro_f1, goal: maximize} or val_accuracy, val_auc, val_loss", _ => "{name: val_accuracy, goal: maximize} or val_macro_f1, val_auc, val_loss" })}.";
    }

    private static LearningTask? TaskOf(TrainableSpec spec)
    {
        try
        {
            return DatasetCatalog.TaskOf(((TrainableSpec.Network)spec).Dataset);
        }
        catch (DatasetNotFoundException)
        {
            // Opening the data set reports this error.
            return null;
        }
    }

    /// <inheritdoc/>
    public override string Describe(TrainableSpec spec) => $"networks on {((TrainableSpec.Network)spec).Dataset}";

    /// <inheritdoc/>
    public override ITrainable Make(SweepSpec spec, Func<string, Dataset> load, Func<string, string> find, TimeProvider time) =>
        new NetworkTrainable(Checked(load(((TrainableSpec.Network)spec.Trainable).Dataset), spec), spec, time);

    private static Dataset Checked(Dataset data, SweepSpec spec) => Refusal(spec.Objective.Name, data.Output.Task) is { } refusal
        ? throw new ConfigurationException($"'{data.Name}': {refusal}")
        : data;
}

/// <summary>Trains neural networks on one data set that all runs share.</summary>
/// <param name="dataset">The data.</param>
/// <param name="spec">The sweep. Its seed selects the validation part, which is the same for all runs except confirmations.</param>
/// <param name="time">The clock that measures epochs.</param>
public sealed class NetworkTrainable(Dataset dataset, SweepSpec spec, TimeProvider time) : ITrainable
{
    /// <inheritdoc/>
    ITrainingSession ITrainable.Start(Configuration configuration, ulong seed) => Start(configuration, seed);

    /// <inheritdoc/>
    ITrainingSession ITrainable.Start(RunStart start) => Start(start.Configuration, start.Seed, start.Split, start.Source);

    /// <inheritdoc cref="ITrainable.Start(Configuration, ulong)"/>
    public NetworkSession Start(Configuration configuration, ulong seed) => Start(configuration, seed, null, null);

    private NetworkSession Start(Configuration configuration, ulong seed, ulong? split, ReadOnlyMemory<byte>? source)
    {
        if (source is null && spec.SourceOf(configuration) is { } run)
            throw new ConfigurationException($"it starts from the weights of run {run}, which are not given");
        // The convolutions were trained on the sweep's training part. Another split would validate on examples of it.
        if (source is not null)
            split = split is null ? null : spec.Seed;
        var format = spec.Trainable is TrainableSpec.Network network ? network.Format : TrainableSpec.Network.NewestFormat;
        var (options, own, stopStuck) = NetworkVocabulary.Read(configuration, spec.EpochsOf(configuration), split ?? spec.Seed, format);
        if (NetworkDescriptor.MeasureOf(spec.Objective.Name) is { } measure)
            options = options with { Metrics = [measure] };
        var extractor = source is { } weights ? ModelFile.Read(weights.ToArray(), "weights") : null;
        try
        {
            var data = extractor is null ? dataset : FeatureExtraction.Extract(extractor.Model, dataset);
            // With rungs, end a stuck run: it would only use epochs until the next rung stops it.
            return new NetworkSession(
                new Trainer(data, options, split is null ? own ?? seed : seed, time, (spec.Trainable as TrainableSpec.Network)?.Threads), extractor, spec.Objective.Name == "val_cross_entropy",
                stopStuck ?? (format > 1 && spec.Rules.Any(rule => rule.Plan(1) is not null)));
        }
        catch (EngineException refused)
        {
            extractor?.Dispose();
            throw new ConfigurationException(refused.Message, refused);
        }
    }
}

/// <summary>The training of one network.</summary>
/// <param name="trainer">The trainer.</param>
/// <param name="extractor">The model whose convolutions computed the data; null for a network that is trained on the data set itself.</param>
/// <param name="reportsCrossEntropy">Whether the cross-entropy is reported even if the loss has the same value.</param>
/// <param name="endsWhenStuck">Whether a run ends if its loss or gradient shows that it will not improve.</param>
public sealed class NetworkSession(Trainer trainer, SavedModel? extractor, bool reportsCrossEntropy, bool endsWhenStuck) : ITrainingSession, IDividedSession
{
    /// <summary>The trainer; used for predictions and exports.</summary>
    public Trainer Trainer => trainer;

    /// <inheritdoc/>
    public int Epoch => trainer.Epoch;

    /// <inheritdoc/>
    public Team Team => trainer.Team;

    /// <inheritdoc/>
    public EpochReport TrainEpoch(CancellationToken cancel)
    {
        var result = trainer.TrainEpoch(cancel);
        var task = trainer.Model.Output.Task;
        var metrics = new Dictionary<string, double>
        {
            ["train_loss"] = result.TrainLoss,
            ["learning_rate"] = result.LearningRate,
            ["gradient_norm"] = result.GradientNorm,
        };
        if (result.TrainAccuracy is { } accuracy)
            metrics["train_accuracy"] = accuracy;
        if (trainer.Validates || trainer.Options.ValidationShare > 0)
        {
            metrics["val_loss"] = result.ValidationLoss ?? double.NaN;
            if (task != LearningTask.Regression)
                metrics["val_accuracy"] = result.ValidationAccuracy ?? double.NaN;
            if (task == LearningTask.Classification && (reportsCrossEntropy || trainer.Options is not { Loss: "cross_entropy", LabelSmoothing: 0 }))
                metrics["val_cross_entropy"] = result.ValidationCrossEntropy ?? double.NaN;
            foreach (var (i, name) in trainer.Metrics.Index())
                metrics[NetworkDescriptor.Validation + name] = i < result.ValidationMetrics.Count ? result.ValidationMetrics[i] : double.NaN;
        }
        var samples = (int)Math.Round(result.SamplesPerSecond * result.Seconds);
        return new EpochReport(result.Epoch, metrics, result.Seconds, result.Diverged?.ToString() ?? (endsWhenStuck ? result.Stuck : null), trainer.StoppedEarly, samples);
    }

    /// <inheritdoc/>
    public TrainingProgress Progress => new(trainer.Batch, trainer.Batches, trainer.SamplesPerSecond);

    /// <inheritdoc/>
    public void Save(Stream destination) => trainer.Save(destination);

    /// <inheritdoc/>
    public void Load(Stream source) => trainer.Load(source);

    /// <summary>Writes the complete network: the convolutions of the extractor, if any, and then the trained layers, so that the model takes images.</summary>
    public void SaveWeights(Stream destination) => ModelFile.Write(trainer, destination, extractor);

    /// <inheritdoc/>
    public void LoadWeights(ReadOnlyMemory<byte> weights) => ModelFile.LoadWeights(trainer, weights.ToArray(), extractor);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> EvaluateTest()
    {
        var metrics = new Dictionary<string, double>();
        if (trainer.EvaluateTest() is not { } test)
            return metrics;
        metrics["test_loss"] = test.Loss;
        if (test.Accuracy is { } accuracy)
            metrics["test_accuracy"] = accuracy;
        foreach (var (name, value) in trainer.Metrics.Zip(test.Measure(trainer.Metrics)))
            metrics[$"test_{name}"] = value;
        return metrics;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        trainer.Dispose();
        extractor?.Dispose();
    }
}
