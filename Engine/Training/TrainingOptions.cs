using Engine.Data;
using Engine.Networks;

namespace Engine.Training;

/// <summary>Everything that decides what a run computes, beside the data and the seed. <see cref="Validate"/> refuses it whole.</summary>
public sealed record TrainingOptions : NetworkOptions
{
    private static readonly IReadOnlyDictionary<string, double> Nothing = new Dictionary<string, double>();

    /// <summary>The loss (<see cref="Losses"/>); null for the usual one of the data set's kind of prediction.</summary>
    public string? Loss { get; init; }

    /// <summary>ε of label smoothing, in [0, 1).</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>Where the loss <c>huber</c> turns from a square into a line, in deviations of the target.</summary>
    public double HuberDelta { get; init; } = 1;

    /// <summary>
    /// One weight per class for the training loss, scaled so that their mean over the training examples is 1; or one per label for its positive
    /// examples. Empty for equal weights.
    /// </summary>
    public IReadOnlyList<double> ClassWeights { get; init; } = [];

    /// <summary>Whether weights make all classes count the same, or the positive and the negative examples of each label.</summary>
    public bool BalancedClasses { get; init; }

    /// <summary>What is reported beside loss and accuracy (<see cref="Training.Metrics"/>).</summary>
    public IReadOnlyList<string> Metrics { get; init; } = [];

    /// <summary>The optimizer (<see cref="Optimizers"/>).</summary>
    public string Optimizer { get; init; } = "adam";

    /// <summary>The optimizer's options, <c>learning_rate</c> among them; what is missing takes its default.</summary>
    public IReadOnlyDictionary<string, double> OptimizerOptions { get; init; } = Nothing;

    /// <summary>λ ≥ 0: the gradient λw of ½λ‖w‖² (or decoupled decay, for AdamW) on all weights but biases.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Gradients are scaled down to this norm over all parameters; 0 for no clipping.</summary>
    public double ClipNorm { get; init; }

    /// <summary>Examples per step; <see cref="FullBatch"/> for all.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>The <see cref="BatchSize"/> that means all examples of an epoch.</summary>
    public const int FullBatch = 0;

    /// <summary>
    /// The training examples of an epoch; 0 for all of them. Epochs go on where the one before ended: every example is used once before any is
    /// used twice.
    /// </summary>
    public int EpochExamples { get; init; }

    /// <summary>The learning rate over time (<see cref="Schedules"/>).</summary>
    public string Schedule { get; init; } = "constant";

    /// <summary>The schedule's options; what is missing takes its default.</summary>
    public IReadOnlyDictionary<string, double> ScheduleOptions { get; init; } = Nothing;

    /// <summary>Training stops after this many epochs in a row without a lower validation loss; 0 for never.</summary>
    public int Patience { get; init; }

    /// <summary>By how much a validation loss must be lower to count for <see cref="Patience"/>.</summary>
    public double MinDelta { get; init; }

    /// <summary>Share of the training part that is held out for validation, in [0, 1).</summary>
    public double ValidationShare { get; init; } = 0.1;

    /// <summary>Whether validation takes the same share of every class.</summary>
    public bool Stratified { get; init; }

    /// <summary>Decides which examples are held out: the same for all runs of a sweep, so that their validation losses compare.</summary>
    public ulong SplitSeed { get; init; }

    /// <summary>How features are scaled (<see cref="Scalings"/>).</summary>
    public string Scaling { get; init; } = "unit";

    /// <summary>Training images are moved by up to this many pixels in both directions, anew in every epoch; 0 for not at all.</summary>
    public int AugmentShift { get; init; }

    /// <summary>Whether training images are mirrored left to right with probability ½, anew in every epoch.</summary>
    public bool AugmentFlip { get; init; }

    /// <summary>A batch whose mean loss is above this counts as diverged.</summary>
    public double LossLimit { get; init; } = 1e4;

    /// <summary>Throws <see cref="EngineException"/> at the first thing that cannot be trained.</summary>
    public override void Validate()
    {
        base.Validate();
        if (Loss is not null)
            Losses.Catalog.Find(Loss);
        Require(LabelSmoothing is >= 0 and < 1, $"Label smoothing is {LabelSmoothing}, but must lie in [0, 1).");
        Require(HuberDelta > 0 && double.IsFinite(HuberDelta), $"huber_delta is {HuberDelta}, but must be a number above 0.");
        Require(ClassWeights.All(weight => weight > 0 && double.IsFinite(weight)), $"Class weights are {string.Join(", ", ClassWeights)}, but must be numbers above 0.");
        Require(ClassWeights.Count == 0 || !BalancedClasses, $"Class weights are balanced or given, not both.");
        foreach (var metric in Metrics)
            Training.Metrics.Find(metric);
        Require(EpochExamples >= 0, $"epoch_examples is {EpochExamples}, but must be at least 1, or 0 for all training examples.");
        Optimizers.Catalog.Resolve(Optimizer, OptimizerOptions);
        Require(WeightDecay >= 0 && double.IsFinite(WeightDecay), $"Weight decay is {WeightDecay}, but must be a number ≥ 0.");
        Require(ClipNorm >= 0 && double.IsFinite(ClipNorm), $"The clipping norm is {ClipNorm}, but must be a number ≥ 0; 0 switches it off.");
        Require(BatchSize >= 0, $"The batch size is {BatchSize}, but must be at least 1, or 0 for all training examples.");
        Schedules.Catalog.Resolve(Schedule, ScheduleOptions);
        Require(Patience >= 0, $"Patience is {Patience} epochs, but must be at least 1, or 0 for no early stopping.");
        Require(MinDelta >= 0 && double.IsFinite(MinDelta), $"The least improvement is {MinDelta}, but must be a number ≥ 0.");
        Require(ValidationShare is >= 0 and < 1, $"The validation share is {ValidationShare}, but must lie in [0, 1).");
        Require(Patience == 0 || ValidationShare > 0, $"Early stopping needs a validation share above 0.");
        Scalings.Catalog.Find(Scaling);
        Require(AugmentShift >= 0, $"Images are moved by up to {AugmentShift} pixels, but it must be at least 1, or 0 for not at all.");
        Require(LossLimit > 0, $"The loss limit is {LossLimit}, but must be above 0.");
    }
}
