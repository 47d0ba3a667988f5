using Engine.Data;
using Engine.Networks;
using Engine.Numerics;

namespace Engine.Training;

/// <summary>The outputs of a model for examples whose classes or targets are known, and how they compare with these.</summary>
public sealed class Evaluation
{
    private readonly Samples samples;
    private readonly int[]? chosen;
    private byte[]? predictions, labels;

    /// <param name="output">What the outputs mean.</param>
    /// <param name="outputs">(examples × outputs): logits, or targets in their own units.</param>
    /// <param name="samples">The examples.</param>
    /// <param name="chosen">Which of them were evaluated, in this order; all when null.</param>
    /// <param name="sum">Their losses and correct predictions.</param>
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

    /// <summary>What the outputs mean.</summary>
    public OutputSpec Output { get; }

    /// <summary>(examples × outputs), row-major: logits, or targets in their own units.</summary>
    public float[] Outputs { get; }

    /// <summary>The number of examples.</summary>
    public int Count { get; }

    /// <summary>The mean loss; of regression, that of targets of mean 0 and variance 1.</summary>
    public double Loss { get; }

    /// <summary>The share of correct predictions; of labels, of all right decisions about one label; null for regression.</summary>
    public double? Accuracy { get; }

    /// <summary>The class of the largest logit of every example, the first of equals.</summary>
    public byte[] Predictions => predictions ??= [.. Enumerable.Range(0, Count).Select(i => Largest(Outputs.AsSpan(i * Output.Count, Output.Count)))];

    /// <summary>The true class of every example.</summary>
    public byte[] Labels => labels ??= chosen is null ? samples.Labels : Array.ConvertAll(chosen, i => samples.Labels[i]);

    /// <summary>A true target of an example, in its own unit; or whether it has a label, as 1 or 0.</summary>
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

    /// <summary>The metrics of these names.</summary>
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
