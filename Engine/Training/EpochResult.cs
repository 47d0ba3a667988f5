namespace Engine.Training;

/// <summary>What an epoch gave. All but the times is the same for the same options, data and seed.</summary>
public sealed record EpochResult
{
    /// <summary>From 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Mean loss over the training examples, each at the weights before its step, with dropout; without weight decay.</summary>
    public required double TrainLoss { get; init; }

    /// <summary>Share of correct predictions, taken likewise; null for regression.</summary>
    public required double? TrainAccuracy { get; init; }

    /// <summary>Mean loss over the held-out examples after the epoch; null without validation or after divergence.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>The plain cross-entropy there: the same as the loss, unless that is another one or its labels are smoothed.</summary>
    public double? ValidationCrossEntropy { get; init; }

    /// <summary>Share of correct predictions over the held-out examples; null for regression.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>The metrics of <see cref="Trainer.Metrics"/> there, in that order; empty without any, without validation or after divergence.</summary>
    public IReadOnlyList<double> ValidationMetrics { get; init; } = [];

    /// <summary>The learning rate of the last step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Mean over the steps of the norm of the gradient over all parameters, before clipping and without weight decay.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>Wall time of the epoch with validation, that before an interruption included.</summary>
    public required double Seconds { get; init; }

    /// <summary>Training examples per second of that time.</summary>
    public required double SamplesPerSecond { get; init; }

    /// <summary>
    /// Why training will hardly get anywhere, or null: from the second epoch on, when the loss stands at that of guessing, or the gradient has
    /// vanished.
    /// </summary>
    public string? Stuck { get; init; }

    /// <summary>Why training cannot go on, or null.</summary>
    public DivergenceReason? Diverged { get; init; }
}
