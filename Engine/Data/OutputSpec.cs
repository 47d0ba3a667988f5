namespace Engine.Data;

/// <summary>The kind of prediction that a data set defines.</summary>
public enum LearningTask
{
    /// <summary>One of several classes; the outputs are logits of a softmax.</summary>
    Classification,

    /// <summary>One or several numbers.</summary>
    Regression,

    /// <summary>Several labels, each present or absent; each output is the logit of a sigmoid.</summary>
    MultiLabel,
}

/// <summary>The meaning of a network's outputs.</summary>
/// <param name="Task">The kind of prediction.</param>
/// <param name="Names">One name per output: a class, a target, or a label.</param>
public sealed record OutputSpec(LearningTask Task, IReadOnlyList<string> Names)
{
    /// <summary>The number of outputs.</summary>
    public int Count => Names.Count;

    /// <summary>
    /// The number of decisions per example whose correct share is the accuracy: 1 for classification, one per label for multi-label tasks,
    /// 0 for regression.
    /// </summary>
    public int Decisions => Task switch { LearningTask.Classification => 1, LearningTask.MultiLabel => Count, _ => 0 };

    /// <summary>The share of correct decisions; null for regression, NaN without examples.</summary>
    public double? Accuracy(long correct, long examples) => Decisions == 0 ? null : (double)correct / (examples * Decisions);

    /// <summary>
    /// For regression: target = output · factor + offset. Networks are trained on targets scaled to mean 0 and variance 1, so that a
    /// suitable learning rate does not depend on the units of the targets.
    /// </summary>
    public Scaling? Scaling { get; init; }

    /// <summary>
    /// The weight of each class in the training loss, or of the positive examples of each label; null for 1 each. Not used by evaluations.
    /// </summary>
    public IReadOnlyList<float>? Weights { get; init; }
}
