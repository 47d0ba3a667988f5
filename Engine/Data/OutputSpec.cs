namespace Engine.Data;

/// <summary>The kind of prediction that a data set asks for.</summary>
public enum LearningTask
{
    /// <summary>One of several classes; the outputs are logits of a softmax.</summary>
    Classification,

    /// <summary>One or several numbers.</summary>
    Regression,

    /// <summary>Any number of labels, each present or absent; the outputs are logits of a sigmoid each.</summary>
    MultiLabel,
}

/// <summary>What the outputs of a network mean.</summary>
/// <param name="Task">The kind of prediction.</param>
/// <param name="Names">One name per output: a class, a target, or a label.</param>
public sealed record OutputSpec(LearningTask Task, IReadOnlyList<string> Names)
{
    /// <summary>The number of outputs.</summary>
    public int Count => Names.Count;

    /// <summary>Right or wrong decisions per example, of which the accuracy is the right share: one of classes, one per label, none of numbers.</summary>
    public int Decisions => Task switch { LearningTask.Classification => 1, LearningTask.MultiLabel => Count, _ => 0 };

    /// <summary>The accuracy of so many correct decisions; null for regression, NaN without examples.</summary>
    public double? Accuracy(long correct, long examples) => Decisions == 0 ? null : (double)correct / (examples * Decisions);

    /// <summary>
    /// For regression: target in its own unit = output · factor + offset. Networks are trained on targets of mean 0 and variance 1, so that
    /// neither their units nor their number decide the learning rate.
    /// </summary>
    public Scaling? Scaling { get; init; }

    /// <summary>
    /// The weight of each class in the training loss, or of the positive examples of each label; null for 1 each. Not used by evaluations.
    /// </summary>
    public IReadOnlyList<float>? Weights { get; init; }
}
