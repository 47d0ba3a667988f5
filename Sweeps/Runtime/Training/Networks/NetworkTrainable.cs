using Engine;
using Engine.Data;
using Engine.Formats;
using Engine.Training;
using Sweeps.Core;
using Sweeps.Files;

namespace Sweeps.Training.Networks;

/// <summary><c>trainable: network</c>, a neural network on a data set.</summary>
public sealed class NetworkDescriptor : TrainableDescriptor
{
    private const string DefaultDataset = "fashion-mnist";

    /// <inheritdoc/>
    public override string Name => "network";

    /// <inheritdoc/>
    public override string Key => "dataset";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Metrics { get; } = ["train_loss", "train_accuracy", "val_loss", "val_accuracy", "val_cross_entropy", "learning_rate", "gradient_norm"];

    /// <inheritdoc/>
    public override bool Matches(TrainableSpec spec) => spec is TrainableSpec.Network;

    internal override TrainableSpec Read(Section top, int format) => new TrainableSpec.Network(top.TakeText(Key) ?? DefaultDataset) { Format = format };

    /// <inheritdoc/>
    public override Objective DefaultObjective(TrainableSpec spec) => new("val_accuracy", Goal.Maximize);

    /// <summary><c>val_acc</c>, <c>validation/accuracy</c> and <c>accuracy</c> are <c>val_accuracy</c>.</summary>
    public override string CanonicalMetric(string name)
    {
        if (Metrics.Contains(name))
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
            _ => name,
        };
    }

    internal override void Check(SweepFile file, Diagnostics diagnostics)
    {
        var dataset = ((TrainableSpec.Network)file.Spec.Trainable).Dataset;
        if (!dataset.Contains(':', StringComparison.Ordinal) && !DatasetCatalog.Names.Contains(dataset))
            diagnostics.Mistake(file.TrainedLocation, $"There is no data set '{dataset}'. {DidYouMean.Hint(dataset, [.. DatasetCatalog.Names, "idx:FOLDER", "csv:FILE#COLUMN", "features:MODEL@NAME"])}");
        NetworkCheck.Run(file, diagnostics);
    }

    /// <inheritdoc/>
    public override string Describe(TrainableSpec spec) => $"networks on {((TrainableSpec.Network)spec).Dataset}";

    /// <inheritdoc/>
    public override ITrainable Make(SweepSpec spec, Func<string, Dataset> load, Func<string, string> find, TimeProvider time) =>
        new NetworkTrainable(load(((TrainableSpec.Network)spec.Trainable).Dataset), spec, time);
}

/// <summary>Trains neural networks on one data set that all runs share.</summary>
/// <param name="dataset">The data.</param>
/// <param name="spec">The sweep. Its seed selects the validation part, the same for all runs.</param>
/// <param name="time">The clock that measures epochs.</param>
public sealed class NetworkTrainable(Dataset dataset, SweepSpec spec, TimeProvider time) : ITrainable
{
    /// <inheritdoc/>
    ITrainingSession ITrainable.Start(Configuration configuration, ulong seed) => Start(configuration, seed);

    /// <inheritdoc cref="ITrainable.Start"/>
    public NetworkSession Start(Configuration configuration, ulong seed)
    {
        var format = spec.Trainable is TrainableSpec.Network network ? network.Format : TrainableSpec.Network.NewestFormat;
        var (options, own, stopStuck) = NetworkVocabulary.Read(configuration, spec.EpochsOf(configuration), spec.Seed, format);
        try
        {
            // With a ladder, a stuck run would only use epochs until the next rung stops it.
            return new NetworkSession(
                new Trainer(dataset, options, own ?? seed, time), spec.Objective.Name == "val_cross_entropy",
                stopStuck ?? (format > 1 && spec.Rules.Any(rule => rule.Plan(1) is not null)));
        }
        catch (EngineException refused)
        {
            throw new ConfigurationException(refused.Message, refused);
        }
    }
}

/// <summary>The training of one network.</summary>
/// <param name="trainer">The trainer.</param>
/// <param name="reportsCrossEntropy">Whether the plain cross-entropy is reported even when the loss has the same value.</param>
/// <param name="endsWhenStuck">Whether a run ends whose loss or gradient shows that it will not improve.</param>
public sealed class NetworkSession(Trainer trainer, bool reportsCrossEntropy, bool endsWhenStuck) : ITrainingSession
{
    /// <summary>The trainer; used for predictions and exports.</summary>
    public Trainer Trainer => trainer;

    /// <inheritdoc/>
    public int Epoch => trainer.Epoch;

    /// <inheritdoc/>
    public EpochReport TrainEpoch(CancellationToken cancel)
    {
        var result = trainer.TrainEpoch(cancel);
        var metrics = new Dictionary<string, double>
        {
            ["train_loss"] = result.TrainLoss,
            ["train_accuracy"] = result.TrainAccuracy,
            ["learning_rate"] = result.LearningRate,
            ["gradient_norm"] = result.GradientNorm,
        };
        if (trainer.Options.ValidationShare > 0)
        {
            metrics["val_loss"] = result.ValidationLoss ?? double.NaN;
            metrics["val_accuracy"] = result.ValidationAccuracy ?? double.NaN;
            if (reportsCrossEntropy || trainer.Options is not { Loss: "cross_entropy", LabelSmoothing: 0 })
                metrics["val_cross_entropy"] = result.ValidationCrossEntropy ?? double.NaN;
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

    /// <inheritdoc/>
    public void SaveWeights(Stream destination) => ModelFile.Write(trainer, destination);

    /// <inheritdoc/>
    public void LoadWeights(ReadOnlyMemory<byte> weights) => ModelFile.LoadWeights(trainer, weights.ToArray());

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> EvaluateTest() => trainer.EvaluateTest() is { } test
        ? new Dictionary<string, double> { ["test_loss"] = test.Loss, ["test_accuracy"] = test.Accuracy }
        : new Dictionary<string, double>();

    /// <inheritdoc/>
    public void Dispose() => trainer.Dispose();
}
