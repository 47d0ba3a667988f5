using Engine.Formats;
using Engine.Training;

namespace Sweeps.Training.Networks;

/// <summary>One network in training.</summary>
/// <param name="trainer">Trains it.</param>
/// <param name="reportsCrossEntropy">Whether the plain cross-entropy is a metric even where the loss is the same.</param>
/// <param name="endsWhenStuck">Whether a run that will hardly get anywhere ends.</param>
public sealed class NetworkSession(Trainer trainer, bool reportsCrossEntropy, bool endsWhenStuck) : ITrainingSession
{
    /// <summary>The trainer, for predictions and exports.</summary>
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
