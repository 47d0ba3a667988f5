namespace Engine.Training;

/// <summary>The result of an epoch. All values except the times are equal for equal options, data and seed.</summary>
public sealed record EpochResult
{
    /// <summary>The number of the epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>
    /// The mean loss over the training examples, each with the weights before its step and with dropout, without the weight decay term.
    /// </summary>
    public required double TrainLoss { get; init; }

    /// <summary>The share of correct predictions over the same examples and weights; null for regression.</summary>
    public required double? TrainAccuracy { get; init; }

    /// <summary>The mean loss over the validation examples after the epoch; null without validation or after divergence.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>
    /// The mean unsmoothed cross-entropy over the validation examples; equal to <see cref="ValidationLoss"/> unless the loss is another one
    /// or labels are smoothed. Null except for classification.
    /// </summary>
    public double? ValidationCrossEntropy { get; init; }

    /// <summary>The share of correct predictions over the validation examples; null for regression.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>
    /// The values of <see cref="Trainer.Metrics"/> over the validation examples, in that order; empty without metrics, without validation
    /// or after divergence.
    /// </summary>
    public IReadOnlyList<double> ValidationMetrics { get; init; } = [];

    /// <summary>The learning rate of the last step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>
    /// The mean over the steps of the Euclidean norm of the gradient of all parameters, before clipping and without weight decay.
    /// </summary>
    public required double GradientNorm { get; init; }

    /// <summary>The wall time of the epoch with validation, including the time before an interruption.</summary>
    public required double Seconds { get; init; }

    /// <summary>Training examples per second of <see cref="Seconds"/>.</summary>
    public required double SamplesPerSecond { get; init; }

    /// <summary>
    /// The reason why training makes no progress, or null: from the second epoch on, when the loss equals that of guessing or the gradient
    /// has vanished.
    /// </summary>
    public string? Stuck { get; init; }

    /// <summary>The reason why training diverged, or null.</summary>
    public DivergenceReason? Diverged { get; init; }
}
