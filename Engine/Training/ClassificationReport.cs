namespace Engine.Training;

/// <summary>The confusion matrix of predictions and labels, with scores per class.</summary>
public sealed class ClassificationReport
{
    private readonly int[,] confusion;

    /// <summary>Counts predictions. Throws <see cref="ArgumentException"/> when the lengths differ or a value is not a class.</summary>
    /// <param name="predictions">The predicted class of each example.</param>
    /// <param name="labels">The true class of each example.</param>
    /// <param name="classNames">One name per class, in label order.</param>
    public ClassificationReport(ReadOnlySpan<byte> predictions, ReadOnlySpan<byte> labels, IReadOnlyList<string> classNames)
    {
        if (predictions.Length != labels.Length)
            throw new ArgumentException($"There are {predictions.Length} predictions for {labels.Length} labels.", nameof(predictions));
        ClassNames = classNames;
        confusion = new int[classNames.Count, classNames.Count];
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] >= classNames.Count || predictions[i] >= classNames.Count)
                throw new ArgumentException($"Example {i} has label {labels[i]} and prediction {predictions[i]}, but there are {classNames.Count} classes.", nameof(labels));
            confusion[labels[i], predictions[i]]++;
        }
        Count = labels.Length;
        Classes = [.. Enumerable.Range(0, classNames.Count).Select(Score)];
    }

    /// <summary>One name per class, in label order.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The number of examples.</summary>
    public int Count { get; }

    /// <summary>Precision, recall and F1 of each class, in label order.</summary>
    public IReadOnlyList<ClassScore> Classes { get; }

    /// <summary>The share of correct predictions; NaN without examples.</summary>
    public double Accuracy => (double)Classes.Sum(c => c.Correct) / Count;

    /// <summary>The unweighted mean of the classes' F1.</summary>
    public double MacroF1 => Classes.Average(c => c.F1);

    /// <summary>
    /// The number of examples of class <paramref name="label"/> that were predicted as class <paramref name="prediction"/>.
    /// </summary>
    public int Confusion(int label, int prediction) => confusion[label, prediction];

    private ClassScore Score(int c)
    {
        int predicted = 0, labelled = 0;
        for (var other = 0; other < ClassNames.Count; other++)
        {
            predicted += confusion[other, c];
            labelled += confusion[c, other];
        }
        return new ClassScore(ClassNames[c], labelled, predicted, confusion[c, c]);
    }
}

/// <summary>Precision, recall and F1 score of one class.</summary>
/// <param name="Name">The class.</param>
/// <param name="Labelled">The number of examples of this class.</param>
/// <param name="Predicted">The number of examples that were predicted as this class.</param>
/// <param name="Correct">The number of examples of this class that were predicted as this class.</param>
public sealed record ClassScore(string Name, int Labelled, int Predicted, int Correct)
{
    /// <summary>Correct / predicted examples; 0 without predicted examples.</summary>
    public double Precision => Predicted == 0 ? 0 : (double)Correct / Predicted;

    /// <summary>Correct / labelled examples; 0 without labelled examples.</summary>
    public double Recall => Labelled == 0 ? 0 : (double)Correct / Labelled;

    /// <summary>The harmonic mean of precision and recall; 0 when the class occurs neither as label nor as prediction.</summary>
    public double F1 => Predicted + Labelled == 0 ? 0 : 2.0 * Correct / (Predicted + Labelled);
}
