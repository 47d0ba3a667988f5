using Engine.Data;

namespace Engine.Training;

/// <summary>The weights of classes in the training loss.</summary>
internal static class ClassWeights
{
    /// <summary>
    /// The weights by the options and the training examples; null for equal weights. A balanced class has the weight n / (classes ·
    /// examples of the class), a balanced label negative / positive examples. Throws <see cref="EngineException"/> for regression, or when
    /// the number of weights is not that of the classes.
    /// </summary>
    public static IReadOnlyList<float>? Of(Dataset data, ReadOnlySpan<int> training, TrainingOptions options)
    {
        var (output, given) = (data.Output, options.ClassWeights);
        if (given.Count == 0 && !options.BalancedClasses)
            return null;
        if (output.Task == LearningTask.Regression)
            throw new EngineException("class_weights are for classes and labels, but the data set has numbers to predict. Remove them.");
        if (given.Count > 0 && given.Count != output.Count)
            throw new EngineException(
                $"There are {given.Count} class_weights for {output.Count} classes. Give one for each: {string.Join(", ", output.Names)}.");
        var counts = Count(data.Train, output, training);
        var examples = (double)training.Length;
        if (output.Task == LearningTask.MultiLabel)
            return [.. counts.Select((count, i) => (float)(given.Count > 0 ? given[i] : count == 0 || count == examples ? 1 : (examples - count) / count))];
        double[] weights = [.. counts.Select((count, i) => given.Count > 0 ? given[i] : count == 0 ? 0 : 1.0 / count)];
        var mean = weights.Zip(counts, (weight, count) => weight * count).Sum() / examples;
        return [.. weights.Select(weight => (float)(weight / mean))];
    }

    /// <summary>The number of training examples of each class, or with each label.</summary>
    private static int[] Count(Samples samples, OutputSpec output, ReadOnlySpan<int> training)
    {
        var counts = new int[output.Count];
        foreach (var example in training)
        {
            if (samples.Targets is null)
                counts[samples.Labels[example]]++;
            else
                for (var label = 0; label < counts.Length; label++)
                    counts[label] += samples.Targets[(long)example * counts.Length + label] > 0.5f ? 1 : 0;
        }
        return counts;
    }
}
