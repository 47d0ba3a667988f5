using Engine.Data;
using Engine.Networks;
using Engine.Numerics;

namespace Engine.Training;

/// <summary>The outputs of a model for labelled examples, with loss and accuracy.</summary>
public sealed class Evaluation
{
    private readonly Samples samples;
    private readonly int[]? chosen;
    private byte[]? predictions, labels;

    /// <param name="output">The meaning of the outputs.</param>
    /// <param name="outputs">(examples × outputs): logits, or targets in their own units.</param>
    /// <param name="samples">The examples.</param>
    /// <param name="chosen">The indices of the evaluated examples, in this order; null for all.</param>
    /// <param name="sum">The sums of their losses and correct predictions.</param>
    internal Evaluation(OutputSpec output, float[] outputs, Samples samples, int[]? chosen, LossSum sum)
    {
        this.samples = samples;
        this.chosen = chosen;
        Output = output;
        Outputs = outputs;
        Count = chosen?.Length ?? samples.Count;
        Loss = sum.Loss / Count;
        Accuracy = output.Accuracy(sum.Correct, Count);
    }

    /// <summary>The meaning of the outputs.</summary>
    public OutputSpec Output { get; }

    /// <summary>(examples × outputs), row-major: logits, or targets in their own units.</summary>
    public float[] Outputs { get; }

    /// <summary>The number of examples.</summary>
    public int Count { get; }

    /// <summary>The mean loss; for regression that of the standardised targets.</summary>
    public double Loss { get; }

    /// <summary>
    /// The share of correct predictions; for labels the share of correct decisions over all examples and labels; null for regression.
    /// </summary>
    public double? Accuracy { get; }

    /// <summary>The class of the largest logit of every example, the first of equal ones.</summary>
    public byte[] Predictions => predictions ??= [.. Enumerable.Range(0, Count).Select(i => Largest(Outputs.AsSpan(i * Output.Count, Output.Count)))];

    /// <summary>The true class of every example.</summary>
    public byte[] Labels => labels ??= chosen is null ? samples.Labels : Array.ConvertAll(chosen, i => samples.Labels[i]);

    /// <summary>A true target of an example, unscaled; or 1 or 0 for a label.</summary>
    public float Target(int example, int target) => samples.Targets![(long)(chosen?[example] ?? example) * Output.Count + target];

    /// <summary>(examples × outputs), row-major: softmax of the logits for classes, sigmoid for labels. Not for regression.</summary>
    public float[] Probabilities()
    {
        var probabilities = new float[Outputs.Length];
        for (var start = 0; start < Outputs.Length; start += Output.Count)
        {
            var logits = Outputs.AsSpan(start, Output.Count);
            var to = probabilities.AsSpan(start, Output.Count);
            if (Output.Task == LearningTask.MultiLabel)
            {
                for (var i = 0; i < logits.Length; i++)
                    to[i] = (float)(1 / (1 + Elementary.Exp(-(double)logits[i])));
                continue;
            }
            double largest = logits[Largest(logits)], sum = 0;
            foreach (var logit in logits)
                sum += Elementary.Exp(logit - largest);
            for (var i = 0; i < logits.Length; i++)
                to[i] = (float)(Elementary.Exp(logits[i] - largest) / sum);
        }
        return probabilities;
    }

    /// <summary>The values of the metrics with these names. Throws <see cref="EngineException"/> for an unknown name.</summary>
    public IReadOnlyList<double> Measure(IReadOnlyList<string> metrics) => [.. metrics.Select(name => Metrics.Find(name).Of(this))];

    private static byte Largest(ReadOnlySpan<float> logits)
    {
        var largest = 0;
        for (var i = 1; i < logits.Length; i++)
            if (logits[i] > logits[largest])
                largest = i;
        return (byte)largest;
    }
}
