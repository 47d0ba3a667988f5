using Engine.Data;
using Engine.Networks;

namespace Engine.Training;

/// <summary>The options that, with the data and the seed, determine the result of a run.</summary>
public sealed record TrainingOptions : NetworkOptions
{
    private static readonly IReadOnlyDictionary<string, double> Nothing = new Dictionary<string, double>();

    /// <summary>The loss (<see cref="Losses"/>); null for the default of the data set's task.</summary>
    public string? Loss { get; init; }

    /// <summary>ε of label smoothing, in [0, 1).</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>
    /// δ of the loss <c>huber</c>, where it changes from quadratic to linear, in standard deviations of the target; &gt; 0. Default: 1.
    /// </summary>
    public double HuberDelta { get; init; } = 1;

    /// <summary>
    /// One weight &gt; 0 per class for the training loss, rescaled so that their mean over the training examples is 1; or one per label for
    /// its positive examples, not rescaled. Empty for equal weights.
    /// </summary>
    public IReadOnlyList<double> ClassWeights { get; init; } = [];

    /// <summary>Whether weights balance the classes, or the positive and the negative examples of each label.</summary>
    public bool BalancedClasses { get; init; }

    /// <summary>The metrics to report beside loss and accuracy (<see cref="Training.Metrics"/>).</summary>
    public IReadOnlyList<string> Metrics { get; init; } = [];

    /// <summary>The optimizer (<see cref="Optimizers"/>).</summary>
    public string Optimizer { get; init; } = "adam";

    /// <summary>The optimizer's options, including <c>learning_rate</c>; missing options have their defaults.</summary>
    public IReadOnlyDictionary<string, double> OptimizerOptions { get; init; } = Nothing;

    /// <summary>λ ≥ 0 of weight decay on all parameters except biases: adds λw, the gradient of ½λ‖w‖²; decoupled for AdamW.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Clipping: the largest Euclidean norm of the gradient of all parameters; 0 for no clipping.</summary>
    public double ClipNorm { get; init; }

    /// <summary>Examples per step; <see cref="FullBatch"/> for all.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>The <see cref="BatchSize"/> that means all examples of an epoch.</summary>
    public const int FullBatch = 0;

    /// <summary>
    /// The number of training examples per epoch; 0 for all. An epoch continues where the previous one ended: every example is used once
    /// before any is used twice.
    /// </summary>
    public int EpochExamples { get; init; }

    /// <summary>The learning rate over time (<see cref="Schedules"/>).</summary>
    public string Schedule { get; init; } = "constant";

    /// <summary>The schedule's options; missing options have their defaults.</summary>
    public IReadOnlyDictionary<string, double> ScheduleOptions { get; init; } = Nothing;

    /// <summary>
    /// Early stopping: the number of consecutive epochs without an improvement of the validation loss after which training ends; 0 for
    /// never.
    /// </summary>
    public int Patience { get; init; }

    /// <summary>The smallest decrease of the validation loss that is an improvement for <see cref="Patience"/>, ≥ 0.</summary>
    public double MinDelta { get; init; }

    /// <summary>The share of the training part that is held out for validation, in [0, 1).</summary>
    public double ValidationShare { get; init; } = 0.1;

    /// <summary>Whether the validation part is stratified: the same share of every class.</summary>
    public bool Stratified { get; init; }

    /// <summary>
    /// The seed of the validation split. All runs of a sweep must have the same one, so that their validation losses are comparable.
    /// </summary>
    public ulong SplitSeed { get; init; }

    /// <summary>The scaling of features (<see cref="Scalings"/>).</summary>
    public string Scaling { get; init; } = "unit";

    /// <summary>The largest random shift of training images in both directions, in pixels, drawn for every epoch; 0 for none.</summary>
    public int AugmentShift { get; init; }

    /// <summary>Whether training images are mirrored left to right with probability ½, drawn for every epoch.</summary>
    public bool AugmentFlip { get; init; }

    /// <summary>The mean loss of a batch above which training has diverged, &gt; 0. Default: 10,000.</summary>
    public double LossLimit { get; init; } = 1e4;

    /// <summary>Throws <see cref="EngineException"/> for the first option that is not valid.</summary>
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
